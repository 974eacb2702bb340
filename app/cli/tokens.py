"""`tsunagu tokens add|list|revoke`: who may write, and who may ask more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from app.cli.options import AsJson, begin
from app.errors import Text, UsageError
from app.publish.tokens import EVERYTHING, Role, Token, Tokens
from app.settings import Settings

Graphs = Annotated[
    list[str] | None,
    typer.Option(
        "--graph",
        help="書き込めるグラフ: データセットの ID か IRI、* は全部 / a data set's id, an IRI, or *",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="書き込みと問い合わせのためのトークン / tokens for writing and asking")
    group.command("add")(add)
    group.command("list")(list_tokens)
    group.command("revoke")(revoke)
    app.add_typer(group, name="tokens")


def add(
    role: Annotated[Role, typer.Option(help="権限 / what it may do")],
    graph: Graphs = None,
    budget: Annotated[
        float | None,
        typer.Option(min=1, help="1 分あたりの問い合わせ秒数 / query seconds a minute"),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="有効な日数 / days it is valid")] = None,
    note: Annotated[str, typer.Option(help="覚え書き / what it is for")] = "",
    as_json: AsJson = False,
) -> None:
    """トークンを作る。表示は一度だけ / make a token; it is shown once"""
    settings, console = begin()
    if role is Role.EDITOR and not graph:
        raise UsageError(
            Text(
                ja="editor には書き込めるグラフを --graph で指定してください。",
                en="an editor needs the graphs it may write: --graph.",
            )
        )
    token, secret = Tokens(settings.data_dir).add(
        role,
        graphs=[_graph(named, settings) for named in graph or ()],
        budget_s=budget,
        note=note,
        expires=datetime.now(UTC) + timedelta(days=days) if days is not None else None,
    )
    if as_json:
        console.json({**_told(token), "token": secret})
        return
    console.say(secret, style="bold")
    console.say(
        Text(
            ja=f"ID {token.id} ({token.role})。もう一度表示することはできません。",
            en=f"ID {token.id} ({token.role}). It cannot be shown again.",
        )
    )


def list_tokens(as_json: AsJson = False) -> None:
    """一覧。秘密の部分は残っていません / all of them; the secrets are not kept"""
    settings, console = begin()
    every = Tokens(settings.data_dir).all()
    if as_json:
        console.json([_told(token) for token in every])
        return
    console.table(
        ["ID", "role", "graphs", "s/min", "expires", "note"],
        [
            [
                token.id,
                token.role,
                ", ".join(token.graphs),
                "" if token.budget_s is None else f"{token.budget_s:g}",
                token.expires.date().isoformat() if token.expires is not None else "",
                token.note,
            ]
            for token in every
        ],
    )


def revoke(
    id: Annotated[str, typer.Argument(help="トークンの ID")], as_json: AsJson = False
) -> None:
    """トークンを無効にする。すぐに効きます / take a token away, at once"""
    settings, console = begin()
    token = Tokens(settings.data_dir).revoke(id)
    if as_json:
        console.json({"revoked": token.id})
        return
    console.say(Text(ja=f"{token.id} を無効にしました。", en=f"{token.id} is revoked."))


def _graph(named: str, settings: Settings) -> str:
    if named == EVERYTHING or ":" in named:
        return named
    return f"{settings.base_iri}/graphs/{named}"


def _told(token: Token) -> dict[str, object]:
    return token.model_dump(mode="json", exclude={"sha256"})
