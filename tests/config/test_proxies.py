"""Whose address a request comes from, behind proxies and without."""

import pytest
from django.test import RequestFactory

from config.proxies import client_address, client_addresses, trusted_networks

HERE, FAR = ["127.0.0.1", "::1"], ["127.0.0.1", "10.1.0.0/16", "2001:db8:1::/48"]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "trusted", "client"),
    [
        ("198.51.100.7", "", HERE, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", HERE, "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", HERE, "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", [], "127.0.0.1"),
        ("", "203.0.113.9", HERE, "203.0.113.9"),
        ("::1", "2001:db8:9::4", HERE, "2001:db8:9::4"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", HERE, "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9, 10.1.4.4", FAR, "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9,10.2.4.4", FAR, "10.2.4.4"),
        ("127.0.0.1", "203.0.113.9:4711", HERE, "203.0.113.9"),
        ("127.0.0.1", "[2001:db8:9::4]:4711", HERE, "2001:db8:9::4"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.9", HERE, "203.0.113.9"),
        ("127.0.0.1", "unknown", HERE, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, <script>", HERE, "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", HERE, "127.0.0.1"),
        ("127.0.0.1", "," * 4000, HERE, "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_one_whom_a_trusted_proxy_names(peer, forwarded_for, trusted, client):
    assert client_address(peer, forwarded_for, trusted_networks(trusted)) == client


@pytest.mark.parametrize("name", ["proxy.example", "10.0.0.1/8", "10.0.0.0/40", "*"])
def test_what_is_no_address_stops_the_start_with_a_sentence(name, capsys):
    with pytest.raises(SystemExit):
        trusted_networks([name])
    assert "TRUSTED_PROXIES must be IP addresses or networks" in capsys.readouterr().err


def test_a_proxy_that_is_not_trusted_is_logged_once(settings, caplog):
    settings.TRUSTED_PROXIES = trusted_networks(HERE)
    answer = client_addresses(lambda request: request.META["REMOTE_ADDR"])
    request = {"REMOTE_ADDR": "10.1.0.5", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert [answer(RequestFactory().get("/", **request)) for _ in "ab"] == ["10.1.0.5"] * 2
    assert caplog.text.count("add it to TRUSTED_PROXIES") == 1
