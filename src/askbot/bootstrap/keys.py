"""The installation's own secret, from which keys for pseudonyms and links are derived; made once, or given."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

VARIABLE = "ASKBOT_SECRET"
FILE = "secret.key"
LENGTH = 32


def own_secret(data: Path, env: Mapping[str, str]) -> bytes:
    """ASKBOT_SECRET where several hosts must agree, else the data folder's key. Raises OSError when it has no place."""
    given = env.get(VARIABLE, "")
    if given:
        return given.encode("utf-8", "surrogateescape")
    path = data / FILE
    data.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return path.read_bytes()
    with contextlib.suppress(FileExistsError):
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Write it whole or not at all: another process may be starting too."""
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def derived(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose (at most 16 letters): nobody learns the secret, or another key, from it."""
    return blake2b(secret[:1024], digest_size=LENGTH, person=purpose.encode().ljust(16, b"\0")).digest()
