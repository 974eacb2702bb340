"""`tsunagu mapping`: check a mapping, show what it will do, write it in another language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import AsJson, begin
from app.errors import DatasetError, Place, SourceNotFound, Text, UsageError
from app.findings import Findings, Severity
from app.mapping.compile import compile_mapping
from app.mapping.functions.registry import JFN
from app.mapping.languages import SUFFIXES, read_mapping
from app.mapping.languages.rml.writer import write_rml
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml.writer import write_yarrrml
from app.mapping.model import Mapping
from app.mapping.plan import Plan
from app.mapping.plan_json import to_json
from app.mapping.printing import as_text
from app.mapping.static_checks import tell_unused_columns
from app.publish.dataset import Dataset, find_dataset
from app.rdf.namespaces import PREFIXES
from app.settings import Settings

WRITERS = {"yarrrml": write_yarrrml, "rml": write_rml}

MappingFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="マッピングのファイル / a mapping's file")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="マッピングの検査・表示・変換 / check, show and convert mappings")
    group.command("validate")(validate)
    group.command("explain")(explain)
    group.command("convert")(convert)
    app.add_typer(group, name="mapping")


def validate(file: MappingFile, as_json: AsJson = False) -> None:
    """マッピングを検査します（データセットの中なら列名も）。 Check a mapping; in a data set's
    folder the columns it names as well."""
    settings, console = begin()
    findings = Findings()
    found = _Given.of(file, settings, findings)
    if found.dataset is not None:
        findings = Findings()
        tables = found.dataset.check(findings)
        if found.dataset.csvw is None:
            columns = {s: t.columns for s, t in tables.items()}
            tell_unused_columns(found.plan, columns, findings)
    emits = sum(len(pipeline.emits) for pipeline in found.plan.pipelines)
    if as_json:
        console.json({"file": str(file), "valid": True, "emits": emits, **findings.to_json()})
    else:
        console.say(
            Text(
                ja=f"✓ {file}: 1 行から最大 {emits} 種類の三つ組を作ります。",
                en=f"✓ {file}: {emits} kinds of statements.",
            )
        )
        console.findings(findings)
    if findings.worst() is Severity.ERROR:
        raise typer.Exit(1)


def explain(
    dataset: Annotated[
        str,
        typer.Argument(
            metavar="DATASET", help="データセットの ID か、マッピングのファイル / id, or a file"
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """マッピングが何をするか（実行計画）を表示します。 Show the plan that a mapping becomes."""
    settings, console = begin()
    plan = _plan(dataset, settings)
    if as_json:
        console.json(to_json(plan))
    else:
        console.say(as_text(plan).rstrip())


def convert(
    file: MappingFile,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="*.yml (YARRRML), *.ttl (RML)")],
    force: Annotated[
        bool, typer.Option("--force", help="あるファイルに上書きする / replace an existing file")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """マッピングを別の言語で書き直します。 Write a mapping in another language."""
    settings, console = begin()
    write = WRITERS.get(SUFFIXES.get(output.suffix.lower(), ""))
    if write is None:
        raise UsageError(
            Text(
                ja=f"{output.suffix or output.name} の言語では書き出せません。",
                en=f"mappings are not written as {output.suffix or output.name}.",
            ),
            hint=Text(
                ja="*.yml (YARRRML) か *.ttl (RML) にしてください。",
                en="Use *.yml (YARRRML) or *.ttl (RML).",
            ),
        )
    if output.exists() and not force:
        raise UsageError(
            Text(ja=f"{output} はすでにあります。", en=f"{output} is already there."),
            hint=Text(ja="--force で上書きします。", en="Use --force to replace it."),
        )
    findings = Findings()
    text = write(_Given.of(file, settings, findings).mapping())
    output.write_text(text, encoding="utf-8")
    if as_json:
        console.json({"file": str(file), "output": str(output), **findings.to_json()})
        return
    console.say(Text(ja=f"✓ {file} → {output}", en=f"✓ {file} → {output}"))
    console.findings(findings)


def _plan(name: str, settings: Settings) -> Plan:
    path = Path(name)
    if path.is_file():
        return _Given.of(path, settings, Findings()).plan
    return find_dataset(settings, name).plan


@dataclass(frozen=True)
class _Given:
    """A mapping that was named: that of a data set's folder, or a file of its own."""

    file: Path
    plan: Plan
    alone: Mapping | None = None
    dataset: Dataset | None = None

    @classmethod
    def of(cls, file: Path, settings: Settings, findings: Findings) -> _Given:
        """Read and compile it. Raises MappingError with line and column."""
        if not file.is_file():
            raise SourceNotFound(
                Text(ja="ファイルがありません。", en="there is no such file."),
                place=Place(str(file)),
            )
        dataset = Dataset(file.resolve().parent.name, file.resolve().parent, settings)
        if _is_mapping_of(dataset, file):
            findings.extend(dataset.remarks)
            return cls(file, dataset.plan, dataset=dataset)
        base = f"{settings.base_iri}/"
        mapping = read_mapping(
            file.read_text(encoding="utf-8-sig"),
            file=str(file),
            limits=Limits.of(settings),
            default_prefixes={**PREFIXES, "id": f"{base}id/", "def": f"{base}def/", "jfn": JFN},
            base=base,
            findings=findings,
        )
        return cls(file, compile_mapping(mapping, base=base, findings=findings), alone=mapping)

    def mapping(self) -> Mapping:
        """What it says, for a writer. Raises UsageError for CSVW, which has columns, not maps."""
        mapping = self.alone if self.dataset is None else self.dataset.mapping
        if mapping is None:
            raise UsageError(
                Text(
                    ja="CSVW のメタデータは、ほかの言語に書き直せません。",
                    en="CSVW metadata cannot be written in another language.",
                ),
                place=Place(str(self.file)),
                hint=Text(
                    ja="`tsunagu mapping explain` で実行計画を見てください。",
                    en="See its plan with `tsunagu mapping explain`.",
                ),
            )
        return mapping


def _is_mapping_of(dataset: Dataset, file: Path) -> bool:
    try:
        return dataset.description_path.is_file() and dataset.mapping_path == file.resolve()
    except DatasetError:
        return False
