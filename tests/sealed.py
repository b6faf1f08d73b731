"""The seal of the suite: an audit hook that lets nothing talk to another machine."""

import ipaddress

LOCAL_NAMES = {None, "", b"", "localhost", b"localhost"}
WATCHED = {"socket.connect", "socket.getaddrinfo", "socket.sendto"}


class OutsideError(BaseException):
    """A test tried to talk to another machine. No code under test may catch it as a failed delivery."""


def is_local(host: object) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def seal(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: every connection and every name that is looked up must be of this machine."""
    if event not in WATCHED:
        return
    place = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = place[0] if isinstance(place, tuple) else place
    if isinstance(place, str | bytes) and event != "socket.getaddrinfo":
        return  # the path of a socket on this machine
    if isinstance(place, int | None) or is_local(host):
        return
    raise OutsideError(f"{event} to {host!r}: tests talk to loopback only")
