"""The client's IP address where a proxy passes the request on, found in one place (docs/decisions/0038)."""

import logging
from ipaddress import ip_address, ip_network

from django.conf import settings

from config.refusal import refuse

logger = logging.getLogger(__name__)

ON_THIS_MACHINE = ["127.0.0.1", "::1"]
"""The proxies that are trusted unless TRUSTED_PROXIES names others."""


def trusted_networks(names):
    """The IP networks that TRUSTED_PROXIES names. Stops the start with a message where one is not an address."""
    try:
        return [ip_network(name.strip()) for name in names if name.strip()]
    except ValueError as error:
        refuse(f"TRUSTED_PROXIES must be IP addresses or networks, with commas between: {error}.")


def client_address(peer, forwarded_for, trusted):
    """Return the IP address of the client, as text.

    ``peer`` is the address that the connection comes from ("" for a Unix socket, which is on this machine).
    ``forwarded_for`` is the value of X-Forwarded-For, to which each proxy adds its own peer on the right. Entries are
    read from right to left, and believed for as long as the machine that wrote them is in one of the networks
    ``trusted``.
    """
    found = _address(peer or ON_THIS_MACHINE[0])
    for entry in reversed(forwarded_for.split(",")):
        claimed = _address(entry)
        if claimed is None or not _is_in(found, trusted):
            break
        found = claimed
    return str(found) if found else peer


def client_addresses(get_response):
    """Middleware that sets REMOTE_ADDR to the client's address, for everything that counts or names people by address.

    Logs one warning in a process where X-Forwarded-For comes from a peer that is not trusted.
    """
    noticed = set()

    def answer(request):
        peer, forwarded_for = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
        address = client_address(peer, forwarded_for, settings.TRUSTED_PROXIES)
        if forwarded_for and address == peer and not noticed and not _is_in(_address(peer), settings.TRUSTED_PROXIES):
            noticed.add(peer)
            logger.warning("X-Forwarded-For came from %s. If that is your proxy, add it to TRUSTED_PROXIES.", peer)
        request.META["REMOTE_ADDR"] = address
        return get_response(request)

    return answer


def _address(text):
    """The IP address in ``text``, which may end in a port; None if there is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address, networks):
    return address is not None and any(address in network for network in networks)
