"""`tsunagu diff`: what publishing would change, entity by entity."""

from __future__ import annotations

import json

from .conftest import TABLE, Site


def test_before_the_first_publish_everything_is_new(site: Site) -> None:
    site.dataset()
    found = json.loads(site("diff", "things", "--json").output)
    assert (found["added"], found["removed"]) == (6, 0)
    assert [e["iri"].rsplit("/", 1)[1] for e in found["new"]] == ["1", "2"]


def test_new_gone_and_changed_things_are_told_apart(site: Site) -> None:
    site.dataset()
    site("publish")
    site.dataset(table="ID,名称,数\n1,甲,11\n3,丙,30\n")
    found = json.loads(site("diff", "things", "--json").output)
    assert {kind: [e["iri"][-1] for e in found[kind]] for kind in ("new", "gone", "changed")} == {
        "new": ["3"], "gone": ["2"], "changed": ["1"],
    }  # fmt: skip
    assert (found["added"], found["removed"]) == (4, 4)


def test_nothing_differs_after_publishing(site: Site) -> None:
    site.dataset(table=TABLE)
    site("publish")
    found = json.loads(site("diff", "things", "--json").output)
    assert (found["added"], found["removed"]) == (0, 0)
    assert "追加 0 件" in site("diff", "things").output
