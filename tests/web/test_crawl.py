"""Links of the bundled data: some of each kind here, every one with `tests.web.crawler`."""

from __future__ import annotations

from tests.web.client import Client
from tests.web.crawler import ACCEPT, crawl
from tests.web.published import BASE


def test_no_link_is_broken_and_every_answer_has_vary_and_a_tag(real: Client) -> None:
    done = crawl(lambda address: real.get(address, headers=ACCEPT), BASE, of_a_kind=3)
    assert done.broken == []
    assert done.untagged == []
    assert done.asked > 100
