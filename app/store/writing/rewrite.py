"""Foreign writes become a release: clone, apply, take stock, count, seal, switch
(`base.Rewriter`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.errors import BadRequest, Place, ReleaseCorrupt, Text, TsunaguError
from app.settings import Settings
from app.store.base import (
    Change,
    ChangeOutcome,
    Complete,
    GraphChange,
    GraphDifference,
    Manifest,
    Rewritten,
    Snapshot,
)
from app.store.embedded import EmbeddedReleases
from app.store.writing.process import ChangeEndedWriterError, WriterProcess
from app.store.writing.stock import (
    MAX_TERM_DEPTH,
    GraphStock,
    UnsoundStoreError,
    differing,
    take_stock,
)

Allow = Callable[[Mapping[str, GraphDifference]], None]


class EmbeddedRewriter:
    """Applies changes to the releases of a data directory. One at a time in a process; the
    publishing lock keeps other processes out."""

    def __init__(self, releases: EmbeddedReleases, settings: Settings) -> None:
        self._releases = releases
        self._settings = settings
        self._lock = threading.Lock()
        self._known: tuple[str, dict[str, GraphStock]] = ("", {})

    def rewrite(
        self,
        changes: Sequence[Change],
        *,
        note: str = "",
        allow: Allow | None = None,
        complete: Complete | None = None,
    ) -> Rewritten:
        """Apply changes together; see `base.Rewriter`.

        A change that ends the process costs the others a second start. When the outcome cannot
        be taken into a release and nobody can tell whose fault that is, each becomes a release
        of its own."""
        done = Rewritten(None, [ChangeOutcome() for _ in changes], {})
        groups = [list(range(len(changes)))]
        with self._lock:
            while groups:
                group = groups.pop(0)
                try:
                    chosen = [changes[index] for index in group]
                    made = self._attempt(chosen, note, allow, complete)
                except ChangeEndedWriterError as ended:
                    done.outcomes[group[ended.index]].error = ended.error
                    rest = [*group[: ended.index], *group[ended.index + 1 :]]
                    groups[:0] = [rest] if rest else []
                except (UnsoundStoreError, _IncompletableError) as unsound:
                    if len(group) == 1:
                        done.outcomes[group[0]].error = _refusal(unsound)
                    else:
                        groups[:0] = [[index] for index in group]
                else:
                    for index, outcome in zip(group, made.outcomes, strict=True):
                        done.outcomes[index] = outcome
                    done.graphs = _joined(done.graphs, made.graphs)
        done.manifest = self._releases.current()
        return done

    def _attempt(
        self, changes: Sequence[Change], note: str, allow: Allow | None, complete: Complete | None
    ) -> Rewritten:
        with self._releases.build(note=note) as builder:
            parent = builder.parent
            before = self._stock_of(parent)
            outcomes: list[ChangeOutcome] = []
            if all(_is_absent(change, before) for change in changes):
                return Rewritten(parent, [ChangeOutcome() for _ in changes], {})

            def work(store: Path) -> dict[str, GraphStock]:
                outcomes.extend(WriterProcess(store, self._settings).apply(changes))
                if all(outcome.error is not None for outcome in outcomes):
                    return before  # this store is thrown away unseen
                return take_stock(store, self._settings)

            after = builder.change(work)
            graphs = {
                iri: GraphDifference(had, has)
                for iri, (had, has) in differing(before, after).items()
            }
            if not graphs:
                return Rewritten(parent, outcomes, {})
            if allow is not None:
                allow(graphs)
            builder.take_over(graphs, {iri: stock.quads for iri, stock in after.items()})
            manifest = builder.seal(_guarded(complete))
        self._known = (manifest.id, after)
        return Rewritten(manifest, outcomes, graphs)

    def _stock_of(self, release: Manifest | None) -> dict[str, GraphStock]:
        if release is None:
            return {}
        if self._known[0] != release.id:
            path = self._releases.directory.store_path(release.id)
            try:
                self._known = (release.id, take_stock(path, self._settings))
            except UnsoundStoreError as error:
                raise ReleaseCorrupt(
                    Text(
                        ja=f"リリース {release.id} を読めません: {error}",
                        en=f"Release {release.id} cannot be read: {error}",
                    ),
                    place=Place(str(path)),
                ) from error
        return self._known[1]


def _is_absent(change: Change, stock: Mapping[str, GraphStock]) -> bool:
    """Whether a graph is to be removed that is not there."""
    return (
        isinstance(change, GraphChange) and change.action == "delete" and change.graph not in stock
    )


def _joined(
    first: Mapping[str, GraphDifference], second: Mapping[str, GraphDifference]
) -> dict[str, GraphDifference]:
    """Two differences, one after the other, as one."""
    joined = dict(first)
    for iri, then in second.items():
        before = joined[iri].before if iri in joined else then.before
        joined[iri] = GraphDifference(before, then.after)
    return joined


class _IncompletableError(Exception):
    """The files of the release could not be made from what is in it."""

    def __init__(self, error: BadRequest) -> None:
        super().__init__(error)
        self.error = error


def _guarded(complete: Complete | None) -> Complete | None:
    """The same, with the refusal of the data told from failures of our own."""
    if complete is None:
        return None

    def guarded(new: Snapshot, old: Snapshot | None, folder: Path) -> None:
        try:
            complete(new, old, folder)
        except BadRequest as error:
            raise _IncompletableError(error) from error

    return guarded


def _refusal(error: UnsoundStoreError | _IncompletableError) -> TsunaguError:
    if isinstance(error, _IncompletableError):
        return error.error
    return BadRequest(
        Text(
            ja=f"この変更の結果は公開できません: {error}",
            en=f"The outcome of this change cannot be published: {error}",
        ),
        hint=Text(
            ja=f"トリプル項の入れ子は {MAX_TERM_DEPTH} 段までです。",
            en=f"Triple terms may be nested {MAX_TERM_DEPTH} deep.",
        ),
    )
