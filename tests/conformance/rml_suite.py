"""The cases of the RML suites: a folder with a mapping, inputs and expected outputs, run as the
suites ask: strictly, where bad data is an error."""

from __future__ import annotations

import csv
import gzip
import tarfile
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Final, Literal, cast

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from app.errors import TsunaguError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.findings import StrictFindings
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.sources import open_source
from app.mapping.static_checks import check_columns
from app.publish.targets import TargetFiles
from app.tabular.batch import Dialect, Table
from app.tabular.json_source import open_json
from app.tabular.reader import open_table

SUITES: Final[Mapping[str, tuple[str, str]]] = {
    "rml-core-csv": ("RML-Core", "http://w3id.org/rml/core/test/"),
    "rml-fnml": ("RML-FNML", "http://w3id.org/rml/fnml/test/"),
    "rml-io": ("RML-IO", "http://w3id.org/rml/io/test/"),
}
"""Folder of each suite under ../shared/conformance → its title and the start of its IRIs."""

_SYNTAXES: Final = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".n3": RdfFormat.N3,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdfxml": RdfFormat.RDF_XML,
}

YARRRML: Final = "urn:tsunagu:conformance:yarrrml:"
"""Start of the IRIs of our own suite."""

BASE: Final = "http://example.com/base/"
"""The base IRI that the suites give to processors as an argument."""


@dataclass(frozen=True)
class Case:
    """One case. `media_type` is that of its first input, `outputs` the files it has to give,
    that of the default target first; `fails` whether an error is expected."""

    suite: str
    id: str
    title: str
    folder: Path
    media_type: str
    outputs: tuple[str, ...]
    fails: bool
    mapping: Path

    @property
    def iri(self) -> str:
        """The name of the case in its suite's manifest."""
        return (YARRRML if self.suite == "yarrrml" else SUITES[self.suite][1]) + self.id


def cases(root: Path, suite: str) -> list[Case]:
    """The cases of a suite that have a folder, in the order of their names. `metadata.csv`
    names the inputs; one case of RML-Core leaves the first one blank."""
    path = root / suite / "metadata.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(_cases(csv.DictReader(file), root / suite, suite), key=lambda case: case.id)


def _cases(rows: csv.DictReader[str], folder: Path, suite: str) -> Iterator[Case]:
    for row in rows:
        if (folder / row["ID"]).is_dir():
            yield Case(
                suite,
                row["ID"],
                row["title"].strip('"'),
                folder / row["ID"],
                next(row[f"input_format{n}"] for n in (1, 2, 3) if row[f"input_format{n}"]),
                tuple(row[f"output{n}"] for n in (1, 2, 3) if row[f"output{n}"]),
                row["error"] == "true",
                folder / row["ID"] / row["mapping"],
            )


def run(case: Case) -> dict[str, bytes]:
    """Run a case strictly and give its outputs by file name: first that of the default target,
    then those of the logical targets. Raises TsunaguError."""
    text = case.mapping.read_text(encoding="utf-8")
    mapping = read_mapping(text, file=case.mapping.name, base=BASE)
    plan = compile_mapping(mapping, base=BASE)
    tables: dict[LogicalSource, Table] = {}
    findings = StrictFindings(Findings())
    with TemporaryDirectory() as folder:

        def file(source: LogicalSource) -> Table:
            path = case.folder / source.path
            if not path.exists():
                path = packed_anew(path, Path(folder))
            return opened(path, source, findings)

        def table(source: LogicalSource) -> Table:
            if source not in tables:
                tables[source] = open_source(source, file, findings)
            return tables[source]

        check_columns(plan, lambda source: table(source).columns)
        default = bytearray()
        with TargetFiles(plan.targets, Path(folder)) as files:
            for chunk in Executor(plan, table, findings, Mode.STRICT).run():
                if not chunk.emit.targets:
                    default += chunk.data()
                for target in chunk.emit.targets:
                    files.write(target, chunk.data())
        name = case.outputs[0] if case.outputs else ""
        return {name: bytes(default)} | {path.name: path.read_bytes() for path in files.written}


def opened(path: Path, source: LogicalSource, findings: Findings) -> Table:
    """The table of a logical source."""
    if source.formulation == "json":
        return open_json(path, source.iterator, encoding=source.encoding, findings=findings)
    dialect = Dialect(encoding=source.encoding, delimiter=source.delimiter)
    return open_table(path, dialect, findings=findings)


def packed_anew(path: Path, folder: Path) -> Path:
    """The copy of the suites has no packed files; theirs hold what RMLSTC0002a has unpacked."""
    original = path.parent.parent / "RMLSTC0002a" / "Friends.json"
    if not original.exists():
        return path
    made = folder / path.name
    match path.suffixes[-2:]:
        case [_, ".gz"] if ".tar" not in path.suffixes:
            made.write_bytes(gzip.compress(original.read_bytes()))
        case [_, ".zip"]:
            with zipfile.ZipFile(made, "w") as archive:
                archive.write(original, original.name)
        case [".tar", (".gz" | ".xz") as kind]:
            mode = cast(Literal["w:gz", "w:xz"], f"w:{kind[1:]}")
            with tarfile.open(made, mode) as tar:
                tar.add(original, original.name)
        case _:
            return path
    return made


def complaint(case: Case) -> str | None:
    """What is wrong with the outcome of a case; None when it passes."""
    try:
        got = run(case)
    except TsunaguError as error:
        return None if case.fails else f"{error.code}: {error}"
    if case.fails:
        return "an error was expected"
    wrong = []
    for name in case.outputs:
        if name not in got:
            wrong.append(f"{name} is missing")
            continue
        expected = expected_output(case, name)
        found = difference(unpacked(name, got[name]), expected, rdf_format(name))
        if found is not None:
            wrong.append(f"{name}:\n{found}")
    return "\n".join(wrong) or None


def expected_output(case: Case, name: str) -> bytes:
    """An expected output. Packed ones are not in the copy of the suites: they hold what the case
    without packing gives. Others that lack are written in the case's README."""
    path = case.folder / name
    if path.exists():
        return path.read_bytes() if case.id != "RMLTTC0005b" else utf8(path.read_bytes())
    if rdf_format(name) is not RdfFormat.N_QUADS:
        readme = (case.folder / "README.md").read_text(encoding="utf-8")
        return readme.partition("**Output 2**\n```\n")[2].partition("\n```")[0].encode()
    return (case.folder.parent / "RMLTTC0006a" / "dump1.nq").read_bytes()


def unpacked(name: str, data: bytes) -> bytes:
    """The bytes of an output without its packing, in UTF-8."""
    if name.endswith((".tar.gz", ".tar.xz")):
        with tarfile.open(fileobj=BytesIO(data)) as tar:
            [member] = tar.getmembers()
            file = tar.extractfile(member)
            assert file is not None
            return file.read()
    if name.endswith(".gz"):
        return gzip.decompress(data)
    if name.endswith(".zip"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            [only] = archive.namelist()
            return archive.read(only)
    return utf8(data)


def utf8(data: bytes) -> bytes:
    """Text with a UTF-16 byte order mark in UTF-8; other text as it is."""
    marked = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return data.decode("utf-16").encode() if marked else data


def rdf_format(name: str) -> RdfFormat:
    """The syntax of an output by its name."""
    suffix = next((s for s in PurePath(name).suffixes if s in _SYNTAXES), ".nq")
    return _SYNTAXES[suffix]


def difference(got: bytes, expected: bytes, syntax: RdfFormat = RdfFormat.N_QUADS) -> str | None:
    """How two documents differ; None when they are isomorphic, graph by graph."""
    ours, theirs = canonical(got, syntax), canonical(expected, syntax)
    if ours == theirs:
        return None
    missing = [f"- {quad}" for quad in theirs if quad not in ours]
    surplus = [f"+ {quad}" for quad in ours if quad not in theirs]
    return "\n".join(sorted(missing + surplus))


def canonical(data: bytes, syntax: RdfFormat = RdfFormat.N_QUADS) -> Dataset:
    """A data set with canonical blank node labels (RDFC-1.0)."""
    found = Dataset(parse(data, format=syntax))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found
