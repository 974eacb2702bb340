"""`tsunagu mapping`: validate, explain, convert."""

from __future__ import annotations

import json

import pytest

from app.errors import MappingReferenceError, MappingSyntaxError, SourceNotFound, UsageError
from app.mapping.plan_json import plan_of
from app.publish.dataset import find_dataset
from app.settings import load

from .conftest import MAPPING, Site


def test_validate_checks_the_columns_of_a_data_set(site: Site) -> None:
    folder = site.dataset()
    done = site("mapping", "validate", str(folder / "mapping.yml"))
    assert (done.code, done.error) == (0, None)
    assert "3 種類" in done.output
    folder = site.dataset(mapping=MAPPING.replace("$(数)", "$(かず)"))
    done = site("mapping", "validate", str(folder / "mapping.yml"))
    assert isinstance(done.error, MappingReferenceError)
    assert done.error.place is not None
    assert done.error.place.line == 7


def test_validate_reads_a_file_that_belongs_to_no_data_set(site: Site) -> None:
    file = site.folder / "alone.yml"
    file.write_text(
        MAPPING.replace("    s:", "    sources: [[a.csv~csv]]\n    s:"), encoding="utf-8"
    )
    done = site("mapping", "validate", str(file), "--json")
    assert json.loads(done.output) == {
        "file": str(file),
        "valid": True,
        "emits": 3,
        "counts": {},
        "findings": [],
    }


def test_validate_names_the_place_of_a_mistake(site: Site) -> None:
    file = site.folder / "broken.yml"
    file.write_text("mappings:\n  a: [\n", encoding="utf-8")
    done = site("mapping", "validate", str(file))
    assert done.code == 2
    assert isinstance(done.error, MappingSyntaxError)
    assert isinstance(site("mapping", "validate", "nowhere.yml").error, SourceNotFound)


def test_explain_prints_the_plan_and_gives_it_as_json(site: Site) -> None:
    site.dataset()
    shown = site("mapping", "explain", "things").output
    assert "scan things.csv" in shown
    assert 'rdfs:label "$(名称)"@ja' in shown
    given = json.loads(site("mapping", "explain", "things", "--json").output)
    assert plan_of(given) == find_dataset(load(), "things").plan


@pytest.mark.parametrize("suffix", ["ttl", "yml"])
def test_convert_writes_a_mapping_that_means_the_same(site: Site, suffix: str) -> None:
    folder = site.dataset()
    out = site.folder / f"out.{suffix}"
    done = site("mapping", "convert", str(folder / "mapping.yml"), str(out))
    assert done.code == 0
    before = site("mapping", "explain", str(folder / "mapping.yml")).output
    after = site("mapping", "explain", str(out)).output

    def without_lines(text: str) -> list[str]:
        return sorted(line.partition("  #")[0] for line in text.splitlines())

    assert without_lines(before) == without_lines(after)


def test_convert_replaces_nothing_unasked(site: Site) -> None:
    folder = site.dataset()
    out = site.folder / "out.ttl"
    out.write_text("mine", encoding="utf-8")
    done = site("mapping", "convert", str(folder / "mapping.yml"), str(out))
    assert isinstance(done.error, UsageError)
    assert out.read_text(encoding="utf-8") == "mine"
    assert site("mapping", "convert", str(folder / "mapping.yml"), str(out), "--force").code == 0


def test_convert_says_which_languages_it_writes(site: Site) -> None:
    folder = site.dataset()
    done = site("mapping", "convert", str(folder / "mapping.yml"), "out.txt")
    assert isinstance(done.error, UsageError)
    assert "*.ttl" in done.error.message("ja")
