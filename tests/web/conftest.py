"""A client of the application over a release in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app.web.app import build_app
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.fakes import parts
from tests.web.published import published

Open = Callable[[WebParts], Client]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A client over the sample release."""
    with Client(build_app(parts())) as opened:
        yield opened


@pytest.fixture
def open_client() -> Iterator[Open]:
    """Makes a client of an application of one's own parts."""
    with ExitStack() as stack:
        yield lambda own: stack.enter_context(Client(build_app(own)))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client over the bundled data, published under a host name."""
    _, app = published(tmp_path_factory.mktemp("published"))
    with Client(app) as opened:
        yield opened
