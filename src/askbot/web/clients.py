"""Who calls: the address behind trusted proxies, and whether it may.

X-Forwarded-For is what anybody can write; it counts only as far as configured proxies vouch for it.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


def address_of(request: web.Request, trusted: Networks) -> Address | None:
    """The client's address: the last one in the chain that no trusted proxy has. None when it cannot be known."""
    address = _parsed(request.remote)
    if not trusted:
        return address
    chain = [step.strip() for line in request.headers.getall("X-Forwarded-For", []) for step in line.split(",")]
    while chain and address is not None and within(address, trusted):
        address = _parsed(chain.pop())
    return address


def is_local(request: web.Request, trusted: Networks) -> bool:
    """Whether the call comes from this machine itself, not through a proxy that nobody configured."""
    address = address_of(request, trusted)
    if address is None or not address.is_loopback:
        return False
    peer = _parsed(request.remote)
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded or (peer is not None and within(peer, trusted))


def within(address: Address, networks: Networks) -> bool:
    """Whether the address lies in one of the networks."""
    return any(address.version == network.version and address in network for network in networks)


def _parsed(text: str | None) -> Address | None:
    """The address; an IPv4 one also when it is written as IPv6."""
    try:
        address = ip_address((text or "").strip("[]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
