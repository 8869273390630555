"""Addresses of model servers, as users write them."""

from __future__ import annotations

import pytest

from summarizer.errors import ConfigError
from summarizer.model.remote_address import KEY_VARIABLE, parse_remote


@pytest.mark.parametrize(
    ("written", "base_url", "model"),
    [
        ("http://localhost:8080/v1#qwen", "http://localhost:8080/v1", "qwen"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1", None),
        ("http://localhost:8080/v1/", "http://localhost:8080/v1", None),
        ("http://localhost:8080", "http://localhost:8080/v1", None),
        ("http://localhost:8080/", "http://localhost:8080/v1", None),
        ("http://localhost:8080/#qwen", "http://localhost:8080/v1", "qwen"),
        ("http://localhost:8080#", "http://localhost:8080/v1", None),
        ("HTTPS://Models.Example.org/v1#Qwen/Qwen2.5-7B", None, "Qwen/Qwen2.5-7B"),
        ("https://models.example.org/v1#a%20b", None, "a b"),
        ("https://models.example.org//v1//chat/completions", None, None),
        ("https://models.example.org/v1/models#m", None, "m"),
        ("https://example.org/openai/v1#m", "https://example.org/openai/v1", "m"),
        ("https://example.org/v1beta/openai#m", "https://example.org/v1beta/openai", "m"),
        ("http://[::1]:8080#m", "http://[::1]:8080/v1", "m"),
        ("http://10.0.0.7:30000/v1#m", "http://10.0.0.7:30000/v1", "m"),
        ("  http://localhost:8080/v1#m \n", "http://localhost:8080/v1", "m"),
    ],
)
def test_an_address_is_recognised_however_it_is_written(written, base_url, model):
    address = parse_remote(written)
    assert address is not None
    assert address.base_url == (base_url or "https://models.example.org/v1")
    assert address.model == model


@pytest.mark.parametrize(
    "name",
    ["auto", "none", "qwen2.5-coder-1.5b-instruct", "models/http.gguf", "C:\\m.gguf", "ftp://h/v1"],
)
def test_other_names_of_models_are_no_addresses(name):
    assert parse_remote(name) is None


@pytest.mark.parametrize(
    "written",
    [
        "http://",
        "http:///v1#m",
        "http://#m",
        "http://host:port/v1",
        "http://host:0/v1",
        "http://host:99999/v1",
        "http://[::1/v1",
        "http://[nonsense]/v1",
        "http://host/v1?key=abc#m",
        "http://ho st/v1",
        "http://host/v1#a\u2028b",
        "http://host/v1\r\nX-Header: 1",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(written):
    with pytest.raises(ConfigError) as caught:
        parse_remote(written)
    assert caught.value.hint


@pytest.mark.parametrize(
    "written",
    [
        "http://user:hunter2@host/v1#m",
        "http://hunter2@host/v1",
        "http://:hunter2@host",
        "http://user:7/hunter2@host/v1",
    ],
)
def test_a_secret_in_an_address_is_refused_without_repeating_it(written):
    with pytest.raises(ConfigError) as caught:
        parse_remote(written)
    assert KEY_VARIABLE in caught.value.hint
    assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_a_secret_in_an_invalid_address_or_a_query_is_not_repeated():
    for written in ("http://user:hunter2/x@host/v1", "http://host/v1?key=hunter2"):
        with pytest.raises(ConfigError) as caught:
            parse_remote(written)
        assert "hunter2" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("written", "loopback"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.1:1", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1:1", False),
        ("http://localhost.example.org", False),
    ],
)
def test_an_address_tells_whether_it_is_this_machine(written, loopback):
    address = parse_remote(written)
    assert address is not None and address.is_loopback is loopback


def test_the_place_of_an_address_is_its_host_and_port():
    address = parse_remote("https://models.example.org:8443/openai/v1#m")
    assert address is not None
    assert (address.place, address.is_encrypted) == ("models.example.org:8443", True)
