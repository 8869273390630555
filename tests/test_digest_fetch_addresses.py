"""What may be asked: addresses of the network, and URLs."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digest.fetch.addresses import AddressRules
from summarizer.digest.fetch.failures import FetchFailed
from summarizer.digest.fetch.urls import (
    checked,
    host_of,
    named,
    one_outlet,
    robots_url,
    same_page,
    usable,
    without_secrets,
)

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "0.0.0.0", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "192.88.99.1",
]  # fmt: skip
PRIVATE_6 = [
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "64:ff9b:1::1", "100::1", "3fff::1", "5f00::1", "::5db8:d70e",
]  # fmt: skip


def forms(text: str) -> list[str]:
    """Write an IPv4 address as the IPv6 addresses that lead to it."""
    number = int(ipaddress.IPv4Address(text))
    high, low = number >> 16, number & 0xFFFF
    flipped = number ^ 0xFFFFFFFF
    return [
        text,
        f"::ffff:{text}",
        f"::{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
        f"64:ff9b::{high:x}:{low:x}",
        f"2001:0:5db8:d70e::{flipped >> 16:x}:{flipped & 0xFFFF:x}",
    ]


@pytest.mark.parametrize("text", [form for one in PRIVATE for form in forms(one)] + PRIVATE_6)
def test_addresses_that_are_not_public_are_refused(text):
    assert not AddressRules().permits("h.example", ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_are_asked(text):
    assert AddressRules().permits("h.example", ipaddress.ip_address(text))


@pytest.mark.parametrize(
    ("allow", "host", "address", "permitted"),
    [
        ("127.0.0.0/8", "h.example", "127.0.0.1", True),
        ("127.0.0.0/8", "h.example", "::ffff:127.0.0.1", True),
        ("127.0.0.0/8", "h.example", "64:ff9b::7f00:1", True),
        ("127.0.0.1", "h.example", "127.0.0.2", False),
        ("192.168.1.7/24", "h.example", "192.168.1.9", True),
        ("[fd00::]/8", "h.example", "fd00::1", False),
        ("fd00::/8", "h.example", "fd00::1", True),
        ("fd00::/8", "h.example", "10.0.0.1", False),
        ("nas.local", "nas.local", "192.168.1.1", True),
        ("NAS.local.", "nas.LOCAL", "192.168.1.1", True),
        ("nas.local", "evil.nas.local", "192.168.1.1", False),
        ("nas.local", "local", "192.168.1.1", False),
    ],
)
def test_the_config_may_allow_networks_and_hosts(allow, host, address, permitted):
    assert AddressRules([allow]).permits(host, ipaddress.ip_address(address)) is permitted


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" HTTP://Ex.Example:80/a b#c ", "http://ex.example/a%20b#c"),
        ("https://ex.example:443", "https://ex.example/"),
        ("https://ex.example:8443/x", "https://ex.example:8443/x"),
        ("http://b\u00fccher.example/", "http://xn--bcher-kva.example/"),
        ("http://ex.example./", "http://ex.example/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_urls_get_one_form(text, url):
    assert checked(text) == url
    assert checked(url) == url


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "//ex.example/", "javascript:alert(1)", "file:///etc/passwd", "ftp://ex.example/",
        "data:text/html,x", "http://", "http:///x", "http://ada@ex.example/", "http://:pw@ex.example/",
        "http://ex.example:0/", "http://ex.example:99999/", "http://ex.example:x/", "http://[::1",
        "http://a b/", "http://[fe80::1%25eth0]/", "http://./", "http://h\u200b.example/",
        "http://ex.example/" + "a" * 2000, "http://ex\x00.example/", "http://ex.example/\n\x00",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(text):
    with pytest.raises(FetchFailed):
        checked(text)
    assert usable(text) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("../c?d#e", "http://h.example/c?d#e"),
        ("//other.example/x", "http://other.example/x"),
        ("?q", "http://h.example/a/b?q"),
        ("https:/x", None),
        ("javascript:x", None),
    ],
)
def test_relative_links_are_resolved(text, url):
    assert usable(text, base="http://h.example/a/b") == url


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("http://h/a?utm_source=x&b=1&UTM_Medium=y#c", "http://h/a?b=1"),
        ("http://h/a?utm_source=x", "http://h/a"),
        ("http://h/a?b=utm_source", "http://h/a?b=utm_source"),
        ("http://h/a?b=%2F&c=+", "http://h/a?b=%2F&c=+"),
    ],
)
def test_a_page_is_known_by_its_url_without_marks_of_the_way(url, page):
    assert same_page(url) == page
    assert same_page(page) == page


def test_robots_txt_stands_at_the_root_of_the_same_port():
    assert robots_url("https://h.example:8443/a/b?c") == "https://h.example:8443/robots.txt"
    assert host_of("https://h.example:8443/a") == "h.example"


@given(st.text(max_size=60))
def test_odd_text_is_refused_or_gets_a_form_that_stays(text):
    for given_text in (text, f"http://{text}", f"http://h.example/{text}"):
        url = usable(given_text)
        if url is not None:
            assert checked(url) == url
            assert url.isascii()
            usable(text, base=url)


@pytest.mark.parametrize("part", ["@", "%", "[", "/", "\u00fc", "."])
def test_long_hostile_text_is_refused(part):
    assert usable(f"http://{part * 1_000_000}") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://h.example/feed", "https://h.example/feed"),
        ("https://h.example/feed?token=abc&page=2", "https://h.example/feed?…"),
        ("https://h.example/feed?", "https://h.example/feed?…"),
        ("https://ada:pw@h.example/feed?a#b", "https://h.example/feed?…"),
        ("https://h.example/#access_token=abc?x", "https://h.example/"),
        ("no address?token=abc", "no address?…"),
        ("", ""),
    ],
)
def test_addresses_are_named_without_what_may_be_secret(text, name):
    assert named(text) == name


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("token", True), ("access_token", True), ("accessToken", True), ("token2", True),
        ("tok%65n", True), ("api-key", True), ("apikey", True), ("KEY", True), ("sig", True),
        ("X-Amz-Signature", True), ("auth", True), ("client_secret", True), ("secret", True),
        ("pass", True), ("password", True), ("passwd", True), ("pwd", True),
        ("id", False), ("author", False), ("keyword", False), ("page", False), ("design", False),
        ("passage", False), ("", False),
    ],
)  # fmt: skip
def test_values_of_parameters_named_like_secrets_are_hidden(name, secret):
    for separator in "&;":
        url = f"https://h.example/a?x=1{separator}{name}={{}}{separator}flag&y="
        assert without_secrets(url.format("abc=")) == url.format("hidden" if secret else "abc=")


@given(st.text(max_size=200))
def test_any_text_is_named_and_cleared_of_secrets(text):
    assert "token=abc" not in without_secrets(f"https://h.example/?{text}&token=abc")
    assert "abcdef" not in named(f"{text}?abcdef")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("h.example", "h.example", True),
        ("h.example", "www.h.example", True),
        ("news.h.example", "h.example", True),
        ("news.h.example", "www.h.example", True),
        ("news.h.example", "feeds.h.example", False),
        ("h.example", "other.example", False),
        ("h.example", "evilh.example", False),
        ("example", "h.example", False),
        ("www.example", "h.example", False),
        ("nas", "nas", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("0.1", "127.0.0.1", False),
        ("::1", "::1", True),
    ],
)
def test_hosts_are_of_one_outlet_if_one_stands_below_the_other(one, other, same):
    assert one_outlet(one, other) is same
    assert one_outlet(other, one) is same
