"""Whose address counts: only configured proxies may tell it."""

from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request

from askbot.web.clients import address_of, is_local

PROXIES = (ip_network("10.0.0.0/8"), ip_network("127.0.0.0/8"))


def request(peer: str | None, **headers: str) -> object:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request("GET", "/", headers=named).clone(remote=peer or "")


@pytest.mark.parametrize(
    ("peer", "chain", "trusted", "address", "why"),
    [
        ("192.0.2.1", "198.51.100.1", (), "192.0.2.1", "nobody is trusted"),
        ("192.0.2.1", "198.51.100.1", PROXIES, "192.0.2.1", "the peer is no proxy"),
        ("10.0.0.1", "198.51.100.1", PROXIES, "198.51.100.1", "the proxy tells"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", PROXIES, "198.51.100.1", "what stands before is the client's own word"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", PROXIES, "198.51.100.1", "two proxies"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", PROXIES, "10.0.0.3", "a client that is inside"),
        ("10.0.0.1", "", PROXIES, None, "a proxy that tells nothing readable"),
        ("10.0.0.1", "garbage", PROXIES, None, "garbage is no address"),
        ("::ffff:192.0.2.1", "", (), "192.0.2.1", "an IPv4 address in IPv6 clothes"),
        ("2001:db8::1", "", (), "2001:db8::1", "IPv6"),
        ("", "", (), None, "a socket without addresses"),
    ],
)
def test_addresses(peer: str, chain: str, trusted: object, address: str | None, why: str) -> None:
    got = address_of(request(peer, X_Forwarded_For=chain), trusted)  # type: ignore[arg-type]
    assert (None if got is None else str(got)) == address, why


@pytest.mark.parametrize(
    ("peer", "headers", "trusted", "local"),
    [
        ("127.0.0.1", {}, (), True),
        ("::1", {}, (), True),
        ("192.0.2.1", {}, (), False),
        ("127.0.0.1", {"X_Forwarded_For": "192.0.2.1"}, (), False),  # a proxy that nobody configured
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, (), False),
        ("127.0.0.1", {"X_Forwarded_For": "192.0.2.1"}, PROXIES, False),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}, PROXIES, True),
        ("192.0.2.1", {"X_Forwarded_For": "127.0.0.1"}, PROXIES, False),  # anybody can write that
        ("", {}, (), False),
    ],
)
def test_this_machine(peer: str, headers: dict[str, str], trusted: object, local: bool) -> None:
    assert is_local(request(peer, **headers), trusted) is local  # type: ignore[arg-type]
