"""Secrets in a source's configuration: one text, or several while one is being changed for another (轮换)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from askbot.domain.secret import Secret
from askbot.yaml_marks.collector import FaultList
from askbot.yaml_marks.kinds import INVALID, Invalid, scalar
from askbot.yaml_marks.marked import Listing, Node
from askbot.yaml_marks.shapes import Key


class SecretKind:
    """A secret text, which no message repeats."""

    meaning = "一段密钥，如 ${ASKBOT_BRIDGE_SECRET}"

    def read(self, node: Node, faults: FaultList) -> Secret | Invalid:
        """The secret, hidden."""
        text = scalar(node, self.meaning, faults)
        return INVALID if text is None else Secret(text.text if text.style in ('"', "'") else text.text.strip())

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class SecretsKind:
    """One secret or a list of them; gives a tuple. `decode` gives a secret's bytes, or raises ValueError.

    A secret of fewer than `short` bytes is taken with a warning.
    """

    decode: Callable[[str], bytes] = str.encode
    short: int = 16

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return "一段密钥，或几段密钥的列表"

    def read(self, node: Node, faults: FaultList) -> tuple[Secret, ...] | Invalid:
        """The secrets, the one to sign with first."""
        nodes = node.items if isinstance(node, Listing) else [node]
        if not nodes:
            faults.error(node, "empty_value", f"这里是空的，应当是{self.meaning}", "写上密钥")
        secrets = [self._one(one, faults) for one in nodes]
        sound = tuple(secret for secret in secrets if isinstance(secret, Secret))
        return sound if sound and len(sound) == len(nodes) else INVALID

    def _one(self, node: Node, faults: FaultList) -> Secret | Invalid:
        secret = SecretKind().read(node, faults)
        if isinstance(secret, Invalid):
            return INVALID
        try:
            length = len(self.decode(secret.reveal()))
        except ValueError:
            faults.error(node, "bad_secret", "密钥不完整，解不开", "重新复制一遍；whsec_ 后面应当是完整的 base64")
            return INVALID
        if length < self.short:
            message = f"密钥只有 {length} 个字节，容易被猜到"
            faults.warning(node, "short_secret", message, f"换成 {self.short} 个字节以上的随机密钥")
        return secret

    def schema(self) -> dict[str, Any]:
        """Either form."""
        one = SecretKind().schema()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def secret_key(decode: Callable[[str], bytes] = str.encode, short: int = 16) -> Key:
    """The key `secret` of a platform whose secrets are decoded like that."""
    return Key(
        name="secret",
        kind=SecretsKind(decode, short),
        doc="平台给的密钥，用 ${变量名} 从环境变量取；轮换时写成列表，第一个用来签发",
        required=True,
    )
