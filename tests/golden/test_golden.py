"""Every golden case gives what its folder says (see cases.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.golden.cases import ERROR, FINDINGS, QUADS, Case, all_cases
from tests.golden.municipal import FILES

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_what_its_folder_says(case: Case, tmp_path: Path) -> None:
    expected, made = case.expected(), case.made(tmp_path)
    assert sorted(made) == sorted(expected)
    for name, text in expected.items():
        assert made[name].split("\n") == text.split("\n"), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_expected_is_well_formed(case: Case) -> None:
    expected = case.expected()
    assert (QUADS in expected) != (ERROR in expected)
    for name, text in expected.items():
        if name.endswith(".nq"):
            lines = text.split("\n")[:-1]
            assert lines == sorted({*lines})
            assert len(list(parse(text, RdfFormat.N_QUADS))) == len(lines)
    for finding in json.loads(expected.get(FINDINGS, '{"findings": []}'))["findings"]:
        assert finding["place"]["line"] >= 1
        assert finding["message"].keys() == {"ja", "en"}


def test_every_folder_is_a_case() -> None:
    folders = {
        folder.name
        for folder in Path(__file__).parent.iterdir()
        if (folder / "mapping.yml").exists()
    }
    assert folders == {case.name for case in CASES} | set(FILES)
