"""`tsunagu publish` and `convert`: what they do, and what they say when something is wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard

from app.errors import (
    DatasetNotFound,
    MappingReferenceError,
    MappingSyntaxError,
    SourceEmpty,
    SourceEncodingError,
    SourceNotFound,
)

from .conftest import MAPPING, TABLE, Site


def test_publish_makes_a_release_and_says_so(site: Site) -> None:
    site.dataset()
    done = site("publish")
    assert done.code == 0
    assert "2 行" in done.output
    assert "公開しました" in done.output
    [release] = json.loads(site("releases", "list", "--json").output)
    assert release["current"] is True


def test_a_second_publish_changes_nothing(site: Site) -> None:
    site.dataset()
    first = json.loads(site("publish", "--json").output)
    second = json.loads(site("publish", "--json").output)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["release"] == second["release"]


def test_only_the_changed_data_set_is_converted_again(site: Site) -> None:
    site.dataset("one")
    site.dataset("two")
    site("publish")
    site.dataset("two", table=TABLE + "3,丙,30\n")
    done = json.loads(site("publish", "--json").output)
    assert [d["id"] for d in done["datasets"] if d["converted"]] == ["two"]


def test_a_data_set_whose_folder_is_gone_leaves_the_release(site: Site) -> None:
    import shutil

    site.dataset("one")
    two = site.dataset("two")
    site("publish")
    shutil.rmtree(two)
    site("publish")
    shown = json.loads(site("releases", "show", "--json").output)
    assert "http://127.0.0.1:8000/graphs/two" not in shown["graphs"]
    assert "http://127.0.0.1:8000/graphs/one" in shown["graphs"]


def test_rollback_brings_the_old_data_back(site: Site) -> None:
    site.dataset()
    first = json.loads(site("publish", "--json").output)
    site.dataset(table=TABLE + "3,丙,30\n")
    second = json.loads(site("publish", "--json").output)
    assert second["quads"] == first["quads"] + 3
    done = json.loads(site("releases", "rollback", "--json").output)
    assert done["release"] == first["release"]
    assert site("releases", "verify").code == 0


@pytest.mark.parametrize("suffix", [".nq", ".nq.gz", ".nq.zst"])
def test_convert_writes_n_quads_compressed_by_suffix(
    site: Site, tmp_path: Path, suffix: str
) -> None:
    site.dataset()
    output = tmp_path / f"out{suffix}"
    done = json.loads(site("convert", "things", "-o", str(output), "--json").output)
    assert (done["rows"], done["quads"]) == (2, 6)
    data = output.read_bytes()
    if suffix.endswith("gz"):
        data = gzip.decompress(data)
    elif suffix.endswith("zst"):
        data = zstandard.decompress(data, max_output_size=1 << 20)
    assert data.count(b"\n") == 6
    assert "甲".encode() in data


def test_convert_to_n_triples_names_no_graph(site: Site, tmp_path: Path) -> None:
    site.dataset()
    output = tmp_path / "out.nt"
    assert site("convert", "things", "-o", str(output)).code == 0
    assert "/graphs/" not in output.read_text()
    site.dataset(
        mapping=MAPPING.replace("    po:", "    graphs: ex:g\n    po:").replace("ex:g", "id:g")
    )
    refused = site("convert", "things", "-o", str(output))
    assert refused.code == 2
    assert refused.error is not None
    assert "FILE.nq" in refused.error.message("ja")


def test_convert_writes_each_quad_once(site: Site, tmp_path: Path) -> None:
    site.dataset(table="ID,名称,数\n1,甲,10\n1,甲,10\n1,甲,11\n")
    output = tmp_path / "out.nq"
    done = json.loads(site("convert", "things", "-o", str(output), "--json").output)
    assert (done["rows"], done["quads"], done["repeated"]) == (3, 4, 5)
    lines = output.read_text().splitlines()
    assert len(lines) == len(set(lines)) == 4


def test_findings_are_told_with_line_and_column_and_strict_gives_exit_code_1(site: Site) -> None:
    site.dataset(table="ID,名称,数\n1,甲,十\n2,乙,20\n")
    lenient = site("publish")
    assert lenient.code == 0
    assert "things.csv:2 [数]" in lenient.output
    strict = site("publish", "--mode", "strict", "--force")
    assert strict.code == 1
    assert strict.error is not None
    assert strict.error.place is not None
    assert (strict.error.place.line, strict.error.place.field) == (2, "数")


def test_a_ragged_row_is_left_out_and_told_with_its_counts(site: Site) -> None:
    site.dataset(table="ID,名称,数\n1,甲,10,余分\n2,乙,20\n")
    done = json.loads(site("publish", "--json").output)
    [dataset] = done["datasets"]
    assert dataset["rows"] == 1
    [finding] = [f for f in dataset["findings"] if "ragged" in f["code"]]
    assert finding["place"]["line"] == 2
    assert "4" in finding["message"]["ja"]
    assert "3" in finding["message"]["en"]


@pytest.fixture
def published(site: Site) -> str:
    """A site that serves a good release; gives its id."""
    site.dataset("good")
    return str(json.loads(site("publish", "--json").output)["release"])


def still_served(site: Site, release: str) -> bool:
    listed = json.loads(site("releases", "list", "--json").output)
    return [r["id"] for r in listed if r["current"]] == [release]


def test_a_missing_file_is_named_with_near_ones(site: Site, published: str) -> None:
    folder = site.dataset(table=None)
    (folder / "thing.csv").write_text(TABLE, encoding="utf-8")
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, SourceNotFound)
    assert "thing.csv" in done.error.message("ja")
    assert still_served(site, published)


def test_an_empty_file_is_told(site: Site, published: str) -> None:
    site.dataset(table=b"")
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, SourceEmpty)
    assert done.error.place is not None
    assert still_served(site, published)


def test_a_header_without_rows_is_told(site: Site, published: str) -> None:
    site.dataset(table="ID,名称,数\n")
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, SourceEmpty)
    assert "データの行がありません" in done.error.message("ja")
    assert still_served(site, published)


def test_a_wrong_encoding_is_told_with_line_bytes_and_what_would_fit(
    site: Site, published: str
) -> None:
    site.dataset(
        table=TABLE.encode("cp932"),
        description="name: things\ntitle: t\nresources:\n  - path: things.csv\n    encoding: utf-8\n",
    )
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, SourceEncodingError)
    message = done.error.message("ja")
    assert "cp932" in message.lower()
    assert done.error.place is not None
    assert done.error.place.line == 1
    assert still_served(site, published)


def test_a_column_that_is_not_there_is_named_with_near_ones_before_anything_is_read(
    site: Site, published: str
) -> None:
    site.dataset(mapping=MAPPING.replace("$(名称)", "$(名前)").replace("$(数)", "$(数量)"))
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, MappingReferenceError)
    assert done.error.place is not None
    assert done.error.place.line == 6
    assert "名前" in done.error.message("ja")
    assert "名称" in done.error.message("en")
    assert still_served(site, published)


def test_an_invalid_iri_is_a_finding_of_severity_error(site: Site) -> None:
    site.dataset(
        table="ID,名称,数\nhttp://a b,甲,1\nhttp://ok.example/,乙,2\n",
        mapping=MAPPING.replace("id:thing/$(ID)", "$(ID)"),
    )
    done = site("publish")
    assert done.code == 1
    assert "things.csv:2 [ID]" in done.output
    assert "http://a b" in done.output


def test_broken_yaml_is_told_with_line_and_column(site: Site, published: str) -> None:
    site.dataset(mapping="mappings:\n  thing:\n    s: [id:thing/$(ID)\n    po: ]\n")
    done = site("publish")
    assert done.code == 2
    assert isinstance(done.error, MappingSyntaxError)
    assert done.error.place is not None
    assert done.error.place.line is not None
    assert done.error.place.column is not None
    assert still_served(site, published)


def test_an_unknown_key_is_told_with_the_nearest_one(site: Site, published: str) -> None:
    site.dataset(mapping=MAPPING.replace("    po:", "    predicatobjects:"))
    done = site("publish")
    assert done.code == 2
    assert done.error is not None
    assert "predicateobjects" in done.error.message("ja")
    assert done.error.place is not None
    assert (done.error.place.line, done.error.place.column) == (4, 5)
    assert still_served(site, published)


def test_an_unknown_data_set_is_told_with_near_ones(site: Site) -> None:
    site.dataset("things")
    done = site("publish", "thing")
    assert done.code == 2
    assert isinstance(done.error, DatasetNotFound)
    assert "things" in done.error.message("en")


def test_a_source_outside_the_folders_is_refused(site: Site) -> None:
    site.dataset(table=None, path="../../../../etc/passwd")
    done = site("publish")
    assert done.code == 2
    assert done.error is not None
    assert "外にあります" in done.error.message("ja")


def test_a_slip_in_the_description_is_told_with_the_right_name(site: Site) -> None:
    site.dataset(
        description="name: things\ntitle: t\nlicences: []\nresources:\n  - path: things.csv\n"
    )
    done = site("publish")
    assert done.code == 2
    assert done.error is not None
    assert "licenses" in done.error.message("ja")
    assert done.error.place is not None
    assert done.error.place.line == 3


def test_nothing_to_publish_is_said(site: Site) -> None:
    (site.folder / "mappings").mkdir()
    assert site("publish").code == 0
