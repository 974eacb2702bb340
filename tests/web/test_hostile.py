"""Bad requests and hostile data: 400 or 404 and text on the page, never 500, never a script."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.client import Client


@pytest.mark.parametrize(
    "path",
    [
        "/id/%0d%0aSet-Cookie:x=1",
        "/id/..%2f..%2fetc%2fpasswd",
        "/doc/../../etc/passwd",
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/id/%00",
        "/id/%ff%fe",
        "/id/%",
        "/id/" + "a" * 8192,
        "/doc/" + "%E6%96%B0" * 1000,
        "/id/<script>",
        "/id/%3Cscript%3Ealert(1)%3C/script%3E",
        "/id/",
        "/doc/",
        "/doc/.ttl",
        "/id",
        "/dataset/",
        "/dataset/%2e%2e",
        "/dataset/nothing",
        "/id/x?lang=<script>",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/turtle"])
def test_a_hostile_address_is_400_or_404(client: Client, path: str, accept: str) -> None:
    answer = client.get(path, headers={"accept": accept})
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "a/b," * 3000},
        {"accept-language": "ja," * 3000},
        {"accept": "text/turtle;" + ";".join(f"p{n}=1" for n in range(1000))},
    ],
)
def test_huge_headers_are_400(client: Client, headers: dict[str, str]) -> None:
    answer = client.get("/doc/aed/1", headers=headers)
    assert answer.status_code == 400


def test_hostile_data_is_shown_as_text(client: Client) -> None:
    page = client.get("/doc/hostile.html").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'dir="auto"' in page
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(data) == 1
    assert "<" not in data[0]


def test_only_safe_addresses_become_links(client: Client) -> None:
    page = client.get("/doc/aed/1.html").text
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page
    assert 'href="mailto:a@example.jp"' in page
    assert 'href="tel:+81312345678"' in page


def test_what_xml_cannot_hold_is_406_for_rdf_xml_alone(client: Client) -> None:
    assert client.get("/doc/hostile.rdf").status_code == 406
    assert client.get("/doc/hostile.ttl").status_code == 200


def test_every_answer_carries_the_protecting_headers(client: Client) -> None:
    for address in ("/", "/doc/aed/1", "/id/aed/1", "/nothing", "/sparql", "/healthz"):
        headers = client.get(address).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["/id/", "/doc/", "/dataset/", "/static/", "/"]),
    st.binary(max_size=40),
    st.sampled_from(["*/*", "text/html", "text/turtle"]),
)
def test_no_path_ends_in_500(client: Client, prefix: str, tail: bytes, accept: str) -> None:
    path = prefix + "".join(f"%{byte:02x}" for byte in tail)
    assert client.get(path, headers={"accept": accept}).status_code < 500
