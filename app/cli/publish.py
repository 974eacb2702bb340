"""`tsunagu publish`."""

from __future__ import annotations

from typing import Annotated

import typer

from app import bootstrap
from app.cli.console import Console
from app.cli.convert import ModeOption
from app.cli.options import AsJson, begin
from app.errors import Text
from app.findings import Severity
from app.mapping.execute import Mode
from app.publish.dataset import all_datasets, find_dataset
from app.publish.pipeline import Published
from app.publish.pipeline import publish as run


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("publish")(publish)


def publish(
    datasets: Annotated[
        list[str] | None, typer.Argument(help="データセットの ID。省略すると全部 / default: all")
    ] = None,
    mode: ModeOption = Mode.LENIENT,
    force: Annotated[
        bool, typer.Option("--force", help="変わっていなくても作り直す / even if unchanged")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """CSV を変換し、新しいリリースとして公開します。 Convert and publish as a new release."""
    settings, console = begin()
    every = all_datasets(settings)
    chosen = (
        [find_dataset(settings, name) for name in datasets]
        if datasets
        else [dataset for dataset in every if not dataset.description.large]
    )
    releases = bootstrap.open_releases(settings)
    with console.progress() as progress:
        published = run(
            chosen,
            releases,
            settings,
            mode=mode,
            force=force,
            existing=None if datasets else {dataset.id for dataset in every},
            progress=progress,
        )
    if as_json:
        console.json(_to_json(published))
    else:
        tell(console, published)
    if published.worst is Severity.ERROR:
        raise typer.Exit(1)


def tell(console: Console, published: Published) -> None:
    """What was converted, what is wrong, and which release is current."""
    for outcome in published.outcomes:
        if outcome.converted is None:
            continue
        done = outcome.converted
        console.say(
            Text(
                ja=f"✓ {outcome.dataset}: {done.rows:,} 行 → {done.quads:,} 件"
                f" ({done.seconds:.1f} 秒)",
                en=f"✓ {outcome.dataset}: {done.rows:,} rows → {done.quads:,} quads"
                f" ({done.seconds:.1f} s)",
            )
        )
        if kept := sum(done.targets.values()):
            console.say(
                Text(
                    ja=f"  出力先 (targets) を持つ {kept:,} 件は公開していません。",
                    en=f"  {kept:,} quads with targets of their own are not published.",
                )
            )
        console.findings(outcome.findings)
    if published.manifest is None:
        console.say(
            Text(
                ja="公開するデータセットがありません。",
                en="There is no data set to publish.",
            )
        )
    elif published.changed:
        console.say(
            Text(
                ja=f"リリース {published.manifest.id} を公開しました"
                f" ({published.manifest.quads:,} 件)。",
                en=f"Release {published.manifest.id} is published"
                f" ({published.manifest.quads:,} quads).",
            ),
            style="bold green",
        )
    else:
        console.say(
            Text(
                ja=f"変更はありません。リリース {published.manifest.id} のままです。",
                en=f"Nothing has changed. Release {published.manifest.id} stays.",
            )
        )


def _to_json(published: Published) -> dict[str, object]:
    return {
        "release": published.manifest.id if published.manifest is not None else None,
        "changed": published.changed,
        "quads": published.manifest.quads if published.manifest is not None else 0,
        "datasets": [
            {
                "id": outcome.dataset,
                "converted": outcome.converted is not None,
                "rows": outcome.converted.rows if outcome.converted else None,
                "quads": outcome.converted.quads if outcome.converted else None,
                **outcome.findings.to_json(),
            }
            for outcome in published.outcomes
        ],
    }
