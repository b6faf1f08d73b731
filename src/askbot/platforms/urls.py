"""A web address in the configuration, checked when it is read rather than when it is first needed."""

from typing import Any
from urllib.parse import urlsplit

from askbot.yaml_marks.collector import FaultList
from askbot.yaml_marks.kinds import INVALID, Invalid, scalar
from askbot.yaml_marks.marked import Node

LONGEST = 2048


class UrlKind:
    """An absolute http or https address. It may hold a secret (a token in the path), so no message repeats it."""

    meaning = "网址，如 http://127.0.0.1:9000/say"

    def read(self, node: Node, faults: FaultList) -> str | Invalid:
        """The address as typed."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        url = text.text.strip()
        if not _sound(url):
            faults.error(text, "bad_url", f"这里不是{self.meaning}", "以 http:// 或 https:// 开头，写全主机和路径")
            return INVALID
        return url

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": "string", "format": "uri"}


def _sound(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and len(url) <= LONGEST
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_sound
