"""The twelve real municipal files: drafted and published with no edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.codes.bundled import region_table, vocab_dir
from app.findings import Severity
from app.publish.dataset import find_dataset
from app.publish.draft import draft_folder
from app.publish.pipeline import publish
from app.publish.preview import preview
from app.settings import Settings

KNOWN = {
    "nanao_evac_reference": "evacuation-sites-standard",
    "takamatsu_aed_bom_linkrow": "aed",
    "takamatsu_aed_quoted_crlf": "aed",
    "takamatsu_evacuation_space": "evacuation-sites",
    "takamatsu_population_cp932": "population-by-age",
    "takamatsu_public_toilet": "public-toilets",
    "takamatsu_tourist_facilities": "tourist-facilities",
}
OTHERS = {
    "kanazawa5374_center": ("ic:事物型",),
    "takamatsu_organisation_list": ("ic:組織型",),
    "takamatsu_rural_park_trailing_empty_cols": ("ic:施設型",),
    "takamatsu_sandbag_jp_header_note_col": ("ic:施設型",),
    "takamatsu_wellbeing_multirow_header": ("qb:Observation",),
}
BAD_CELLS = {
    "takamatsu_aed_bom_linkrow": 1,  # a telephone number without its area code
}


@pytest.mark.shared
@pytest.mark.parametrize("name", [*KNOWN, *OTHERS])
def test_a_real_file_is_drafted_and_published(shared: Path, tmp_path: Path, name: str) -> None:
    settings = Settings.model_validate(
        {
            "base_iri": "https://data.example.jp",
            "mappings_dir": tmp_path / "mappings",
            "data_dir": tmp_path / "data",
            "vocab_dir": vocab_dir(),
        }
    )
    file = shared / f"data/municipal-csv/{name}.csv"
    made = draft_folder(file, settings, region_table())
    draft = made.draft
    assert draft is not None
    assert (draft.layout.id if draft.layout is not None else None) == KNOWN.get(name)
    if name in OTHERS:
        assert draft.classes == OTHERS[name]
    assert not draft.key.is_row
    left_out = {column.column for column in draft.columns if not column.is_mapped}
    assert all(column.startswith(("column_", "←")) for column in left_out)
    shown = preview(find_dataset(settings, made.id))
    assert set(shown.sources[0].unmapped) <= left_out
    assert all(row.entity is not None and row.title["ja"] for row in shown.rows)
    done = publish([find_dataset(settings, made.id)], bootstrap.open_releases(settings), settings)
    assert done.changed
    worst = done.outcomes[0].findings.worst()
    assert worst is not Severity.ERROR
    bad = done.outcomes[0].findings.counts().get("function-bad-value", 0)
    assert bad == BAD_CELLS.get(name, 0)
