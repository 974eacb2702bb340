"""What a token lets its holder do with one data set on the workbench."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.errors import RightMissing, Text
from app.publish.tokens import EVERYTHING, Role, Token


class Right(StrEnum):
    """An action on a data set. Each needs more than those before it."""

    VIEW = "view"
    EDIT = "edit"
    PUBLISH = "publish"


_NEEDED: Final = {
    Right.VIEW: Role.VIEWER,
    Right.EDIT: Role.EDITOR,
    Right.PUBLISH: Role.PUBLISHER,
}
_REFUSALS: Final = {
    Right.VIEW: Text("見る権限がありません。", "may not see this data set."),
    Right.EDIT: Text("変更する権限がありません。", "may not change this data set."),
    Right.PUBLISH: Text("公開する権限がありません。", "may not publish this data set."),
}


def may(token: Token, right: Right, graph: str) -> bool:
    """Whether the role covers the action and the data set's graph is one of the token's. A token
    without graphs is for all of them, unless it is an editor's, which names what it may write."""
    if not token.role.covers(_NEEDED[right]):
        return False
    if token.role is Role.ADMIN:
        return True
    if not token.graphs:
        return token.role is not Role.EDITOR or right is Right.VIEW
    return EVERYTHING in token.graphs or graph in token.graphs


def demand(token: Token, right: Right, graph: str) -> None:
    """Raises RightMissing unless `may`."""
    if may(token, right, graph):
        return
    dataset = graph.rsplit("/", 1)[-1]
    what = _REFUSALS[right]
    raise RightMissing(
        Text(
            f"このトークン ({token.id}、{token.role}) には {dataset} を{what.ja}",
            f"This token ({token.id}, {token.role}) {what.en[:-1]} ({dataset}).",
        ),
        hint=Text(
            f"管理者に `tsunagu tokens add --role {_NEEDED[right]} --graph {dataset}` で"
            "作ってもらってください。",
            "Ask the operator for a token made with "
            f"`tsunagu tokens add --role {_NEEDED[right]} --graph {dataset}`.",
        ),
    )
