"""Conversion of a data set's folder: every quad once, targets in files of their own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import DataRejected, MappingError
from app.findings import Findings
from app.mapping.execute import Mode
from app.publish import distinct
from app.publish.convert import Converted, convert
from app.publish.dataset import Dataset
from app.settings import Settings

HEAD = "prefixes:\n  ex: http://example.org/\n  jfn: 'urn:tsunagu:fn:'\n"
Folder = Callable[..., Dataset]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A data set's folder with a mapping and tables."""

    def make(mapping: str, **tables: str) -> Dataset:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        first = next(iter(tables))
        (tmp_path / "datapackage.yaml").write_text(
            f"name: d\ntitle: d\nresources:\n  - name: r\n    path: {first}.csv\n", encoding="utf-8"
        )
        (tmp_path / "mapping.yml").write_text(HEAD + mapping, encoding="utf-8")
        return Dataset("d", tmp_path, Settings.model_validate({"mappings_dir": tmp_path}))

    return make


def run(
    dataset: Dataset,
    *,
    distinct: bool = True,
    mode: Mode = Mode.LENIENT,
    targets: Path | None = None,
) -> tuple[list[str], Converted]:
    out = bytearray()
    done = convert(
        dataset, out.extend, findings=Findings(), distinct=distinct, mode=mode, targets=targets
    )
    return out.decode().splitlines(), done


SHAPES = """
mappings:
  thing:
    s: ex:$(a)/$(b)
    po:
      - [a, ex:T]
      - [ex:c, $(c)]
      - p: ex:part
        o:
          function: jfn:split
          parameters: [[jfn:value, $(c)], [jfn:separator, ";"]]
      - p: ex:other
        o:
          mapping: area
          condition: {function: equal, parameters: [[str1, $(a)], [str2, $(b)]]}
  area:
    s: ex:area/$(b)
    po:
      - [ex:seen, $(a)]
  whole:
    s: ex:all
    po:
      - [ex:has, ex:area/$(b)~iri]
  rival:
    s: ex:area/$(a)
    po:
      - [ex:seen, $(b)]
"""

CELLS = st.text("ab;", max_size=3)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=30))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_quad_comes_once_and_none_is_lost(
    folder: Folder, rows: list[tuple[str, str, str]]
) -> None:
    text = "a,b,c,filled\n" + "".join(f'"{a}","{b}","{c}",x\n' for a, b, c in rows)
    dataset = folder(SHAPES, t=text)
    everything, _ = run(dataset, distinct=False)
    once, done = run(dataset)
    assert len(once) == len(set(once)) == done.quads
    assert set(once) == set(everything)


def test_rows_with_a_subject_of_their_own_are_not_remembered(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million lines of digests for three rows that share a subject would be waste."""
    seen: list[int] = []
    original = distinct.DistinctLines.fresh

    def fresh(self: distinct.DistinctLines, lines: pa.Array) -> pa.Array:
        seen.append(len(lines))
        return original(self, lines)

    monkeypatch.setattr(distinct.DistinctLines, "fresh", fresh)
    rows = [f"{i},x" for i in range(1000)] + ["7,y", "7,x"]
    dataset = folder(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:v, $(v)]\n",
        t="id,v\n" + "\n".join(rows) + "\n",
    )
    lines, done = run(dataset)
    assert len(lines) == 1001
    assert done.repeated == 1
    assert sum(seen) == 3


def test_strict_stops_at_a_ragged_row(folder: Folder) -> None:
    dataset = folder(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:v, $(v)]\n", t="id,v\n1,a\n2\n"
    )
    lines, _ = run(dataset)
    assert len(lines) == 1
    with pytest.raises(DataRejected) as caught:
        run(dataset, mode=Mode.STRICT)
    assert caught.value.place is not None
    assert caught.value.place.line == 3


def test_a_constant_quad_survives_quarantine(folder: Folder) -> None:
    dataset = folder(
        "mappings:\n  m:\n    s: ex:$(id)\n    po:\n      - [ex:u, $(u)~iri]\n"
        "  n:\n    s: ex:x\n    po:\n      - [ex:y, z]\n",
        t="id,u\n1,http://a b\n2,http://ok.example/\n",
    )
    lines, _ = run(dataset, mode=Mode.QUARANTINE)
    assert sorted(line.split()[0] for line in lines) == [
        "<http://example.org/2>",
        "<http://example.org/x>",
    ]


TARGETS = """
targets:
  names: [{path}~void, {format}, {packing}]
mappings:
  m:
    s: ex:$(id)
    po:
      - p: ex:name
        o: {{value: $(name), targets: [names]}}
      - [ex:id, $(id)]
"""


def test_quads_with_a_target_go_to_its_file_and_not_to_the_output(
    folder: Folder, tmp_path: Path
) -> None:
    mapping = TARGETS.format(path="names.ttl.gz", format="turtle", packing="gzip")
    dataset = folder(mapping, t="id,name\n1,名\n2,名\n2,名\n")
    lines, done = run(dataset, targets=tmp_path / "out")
    assert all("<http://example.org/id>" in line for line in lines)
    text = gzip.decompress((tmp_path / "out" / "names.ttl.gz").read_bytes()).decode()
    assert text.count("名") == 2
    assert "@prefix" in text or "<http://example.org/1>" in text
    assert done.targets == {"names": 2}


def test_without_a_folder_they_are_counted(folder: Folder, tmp_path: Path) -> None:
    mapping = TARGETS.format(path="names.nq", format="nquads", packing="")
    dataset = folder(mapping.replace(", ]", "]"), t="id,name\n1,a\n")
    _, done = run(dataset)
    assert done.targets == {"names": 1}
    assert not list(tmp_path.rglob("names.nq*"))


def test_a_failed_run_leaves_no_file(folder: Folder, tmp_path: Path) -> None:
    mapping = TARGETS.format(path="names.nq", format="nquads", packing="").replace(", ]", "]")
    dataset = folder(mapping, t="id,name\n1,a\n2\n")
    with pytest.raises(DataRejected):
        run(dataset, mode=Mode.STRICT, targets=tmp_path / "out")
    assert not list(tmp_path.rglob("names.nq*"))


@pytest.mark.parametrize("path", ["../names.nq", "/etc/names.nq"])
def test_a_target_outside_the_folder_is_refused(folder: Folder, tmp_path: Path, path: str) -> None:
    mapping = TARGETS.format(path=path, format="nquads", packing="").replace(", ]", "]")
    dataset = folder(mapping, t="id,name\n1,a\n")
    with pytest.raises(MappingError) as caught:
        run(dataset, targets=tmp_path / "out")
    assert "フォルダーの外" in caught.value.message("ja")
    assert caught.value.place is not None
    assert caught.value.place.line is not None
