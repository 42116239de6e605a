"""Where a request comes from, as far as that can be trusted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address, read behind exactly `TRUSTED_PROXIES` proxies.

    Each proxy appends the address it saw to `X-Forwarded-For`: the last N entries are ours, all before them is
    the client's own claim and buys nothing.
    """
    direct = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104
    trusted = settings.TRUSTED_PROXIES
    if not trusted:
        return direct
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if trusted > len(hops):
        return direct
    claimed = hops[-trusted]
    return claimed if _is_address(claimed) else direct


@lru_cache(maxsize=1024)
def network(address: str) -> str:
    """What one subscriber can vary at will counts as one: an IPv6 /64 is one client, as is an IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
