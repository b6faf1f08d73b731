"""Why a connection failed, in Chinese words for the person at the terminal. Knows nothing of what was to be sent."""

import errno
from collections.abc import Mapping
from types import MappingProxyType

import aiohttp

KINDS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "找不到这个主机名"),
    (aiohttp.ClientSSLError, "TLS 证书或加密不对"),
    (aiohttp.InvalidURL, "地址写得不对"),
    (aiohttp.WSServerHandshakeError, "对方不是 WebSocket，或不让连"),
    (TimeoutError, "等了太久没有答复"),
    (aiohttp.ServerDisconnectedError, "对方没有答复就断开了"),
    (aiohttp.ClientPayloadError, "答复没有收完"),
)
"""The first kind that fits; narrower ones first."""
NUMBERS: Mapping[int, str] = MappingProxyType(
    {
        errno.ECONNREFUSED: "对方没有在这个端口上等",
        errno.ECONNRESET: "对方断开了",
        errno.EPIPE: "对方断开了",
        errno.EHOSTUNREACH: "到不了这台主机",
        errno.ENETUNREACH: "网络不通",
        errno.ETIMEDOUT: "等了太久没有答复",
    }
)


def network_reason(error: Exception) -> str:
    """A few words about a failed connection."""
    for kind, words in KINDS:
        if isinstance(error, kind):
            return words
    number = error.errno if isinstance(error, OSError) else None
    return NUMBERS.get(number or 0, "网络出错")
