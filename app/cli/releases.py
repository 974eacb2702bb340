"""`tsunagu releases list|show|verify|rollback|prune|changes|rotate-key`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from app import bootstrap
from app.cli.console import Console
from app.cli.options import AsJson, begin
from app.errors import AnswerTooLarge, Text, UsageError
from app.publish.change_sets import as_json as as_json_of
from app.publish.history import TOO_LARGE, compare
from app.publish.key_ring import rotate
from app.publish.verifying import verify_signature, verify_site

_NICE = 10  # comparing may wait: others serve

_CHECKED = {
    "files": Text(
        ja="{number} 個のファイルはすべて記録どおりです。", en="all {number} files are as recorded."
    ),
    "dumps": Text(
        ja="{number} 個のダンプはすべて記録どおりです。", en="all {number} dumps are as recorded."
    ),
    "named": Text(
        ja="マニフェストは {number} 個のファイルの SHA-256 を記しています。",
        en="the manifest has the SHA-256 sums of {number} files.",
    ),
}
_SIGNED = Text(ja="署名は正しく、鍵は {key} です。", en="The signature is good; key {key}.")
_UNSIGNED = Text(ja="署名はありません。", en="It is not signed.")

Release = Annotated[
    str | None,
    typer.Argument(help="リリースの ID。省略すると現在のもの / default: the current one"),
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="公開したリリースの一覧・確認・切り戻し / the published releases")
    group.command("list")(list_releases)
    group.command("show")(show)
    group.command("verify")(verify)
    group.command("rollback")(rollback)
    group.command("prune")(prune)
    group.command("changes")(changes)
    group.command("rotate-key")(rotate_key)
    app.add_typer(group, name="releases")


def list_releases(as_json: AsJson = False) -> None:
    """新しい順の一覧 / newest first"""
    settings, console = begin()
    releases = bootstrap.open_releases(settings)
    current = releases.current()
    current_id = current.id if current is not None else None
    every = releases.all()
    if as_json:
        console.json(
            [
                {
                    "id": m.id,
                    "current": m.id == current_id,
                    "created": m.created.isoformat(),
                    "quads": m.quads,
                    "graphs": len(m.graphs),
                    "bytes": sum(f.bytes for f in m.files.values()),
                    "note": m.note,
                }
                for m in every
            ]
        )
        return
    console.table(
        ["", "ID", "created", "quads", "graphs", "MB"],
        [
            [
                "●" if m.id == current_id else "",
                m.id,
                m.created.strftime("%Y-%m-%d %H:%M:%S"),
                f"{m.quads:,}",
                str(len(m.graphs)),
                f"{sum(f.bytes for f in m.files.values()) / 1e6:,.1f}",
            ]
            for m in every
        ],
    )


def show(release: Release = None, as_json: AsJson = False) -> None:
    """グラフごとの件数と元のファイル / counts and inputs of each graph"""
    settings, console = begin()
    manifest = bootstrap.open_releases(settings).snapshot(release).manifest
    if as_json:
        console.json(manifest.model_dump(mode="json"))
        return
    console.say(f"{manifest.id}  {manifest.created.isoformat()}  {manifest.quads:,} quads")
    console.table(
        ["graph", "quads", "subjects", "classes", "properties"],
        [
            [
                g.iri,
                f"{g.quads:,}",
                f"{g.subjects:,}",
                str(len(g.classes)),
                str(len(g.properties)),
            ]
            for g in manifest.graphs.values()
        ],
    )


def verify(
    release: Release = None,
    site: Annotated[
        str | None,
        typer.Option("--from", help="ほかのサイトのアドレス / check another site, by its address"),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="期待する鍵の指紋 / thumbprint of the key that is expected")
    ] = None,
    with_dumps: Annotated[
        bool, typer.Option("--dumps", help="--from のダンプも / the dumps of --from as well")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """すべてのファイルの SHA-256 と署名を確かめる / check every file's SHA-256 and the signature"""
    settings, console = begin()
    if site is not None:
        if release is not None:
            raise UsageError(
                Text(
                    ja="--from は相手の現在のリリースを確かめます。ID は付けられません。",
                    en="--from checks the site's current release: give no id.",
                )
            )
        found = verify_site(site, key=key, with_dumps=with_dumps)
        files = len(found.manifest.files)
        checked = (found.dumps, "dumps") if with_dumps else (files, "named")
        _tell(console, found.manifest.id, checked, found.key, as_json=as_json)
        if key is None and not as_json:
            console.say(
                Text(
                    ja="  鍵はサイト自身のものです。公開者から別に得た指紋を --key で比べてください。",
                    en="  The key is the site's own: compare it, by --key, with what its "
                    "publisher told you elsewhere.",
                )
            )
        return
    releases = bootstrap.open_releases(settings)
    manifest = releases.verify(release)
    trust = bootstrap.trust(settings)
    body, signature = trust.signed(manifest.id)
    signed = None
    if signature is not None:
        signed = verify_signature(body, signature, trust.ring(), key)
    _tell(console, manifest.id, (len(manifest.files), "files"), signed, as_json=as_json)


def _tell(
    console: Console, release: str, checked: tuple[int, str], key: str | None, *, as_json: bool
) -> None:
    number, kind = checked
    if as_json:
        body = {"release": release, "ok": True, "signed": key is not None, "key": key}
        console.json({**body, kind: number})
        return
    sums = _CHECKED[kind].format(number=number)
    signed = _SIGNED.format(key=key) if key is not None else _UNSIGNED
    console.say(
        Text(ja=f"✓ {release}: {sums.ja}{signed.ja}", en=f"✓ {release}: {sums.en} {signed.en}")
    )


def rollback(
    to: Annotated[
        str | None, typer.Argument(help="戻す先。省略すると一つ前 / default: the one before")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """前のリリースに戻す / go back to an earlier release"""
    settings, console = begin()
    manifest = bootstrap.open_releases(settings).rollback(to)
    if as_json:
        console.json({"release": manifest.id})
        return
    console.say(
        Text(
            ja=f"リリース {manifest.id} に戻しました。",
            en=f"Release {manifest.id} is current again.",
        )
    )


def prune(
    keep: Annotated[
        int | None, typer.Option(min=1, help="残す数 / how many to keep (default: the setting)")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """古いリリースと作りかけを消す / remove old releases and leavings of dead builds"""
    settings, console = begin()
    removed = bootstrap.open_releases(settings).prune(keep or settings.releases_kept)
    if as_json:
        console.json({"removed": removed})
        return
    names = ", ".join(removed)
    console.say(Text(ja=f"消したもの: {names or 'なし'}", en=f"Removed: {names or 'nothing'}."))


def changes(
    old: Annotated[str, typer.Argument(help="元のリリース / the older release")],
    new: Annotated[str | None, typer.Argument(help="比べる先 / default: the current one")] = None,
    patch: Annotated[bool, typer.Option("--patch", help="RDF Patch")] = False,
    as_json: AsJson = False,
) -> None:
    """二つのリリースの差分 / what differs between two releases"""
    settings, console = begin()
    os.nice(_NICE)
    releases = bootstrap.open_releases(settings)
    try:
        found = compare(releases, settings, old, new or releases.snapshot().manifest.id)
    except AnswerTooLarge as error:
        console.error(error)
        raise typer.Exit(TOO_LARGE) from error
    summary = found.summary
    if patch:
        for block in found.patch():
            sys.stdout.buffer.write(block)
        return
    if as_json:
        console.json(as_json_of(summary))
        return
    console.table(
        ["data set", "before", "after", "+", "−"],
        [
            [d.name, f"{d.before:,}", f"{d.after:,}", f"{d.added:,}", f"{d.removed:,}"]
            for d in summary.datasets
        ],
    )
    console.say(
        Text(
            ja=f"新しいもの {summary.entities_new:,}、なくなったもの {summary.entities_gone:,}、"
            f"変わったもの {summary.entities_changed:,}",
            en=f"{summary.entities_new:,} new things, {summary.entities_gone:,} gone, "
            f"{summary.entities_changed:,} changed",
        )
    )


def rotate_key(as_json: AsJson = False) -> None:
    """署名の鍵を替える。前の鍵の公開部分は残る / replace the key that signs; old ones stay known"""
    settings, console = begin()
    ring = rotate(settings.data_dir)
    old = ring.retired[0].public.id
    if as_json:
        console.json({"key": ring.current.id, "retired": old})
        return
    console.say(
        Text(
            ja=f"これからのリリースは鍵 {ring.current.id} で署名します。\n"
            f"前の鍵 {old} で署名したリリースも引き続き確かめられます。",
            en=f"Releases will be signed with key {ring.current.id}.\n"
            f"Those signed with {old} can still be checked.",
        )
    )
