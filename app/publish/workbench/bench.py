"""The workbench of one data directory: its parts, and the actions that need several of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from app.codes.regions import RegionTable
from app.errors import DatasetNotFound, PreconditionFailed, Text
from app.mapping.execute import Mode
from app.publish.audit import AuditLog
from app.publish.dataset import Dataset, all_datasets, is_dataset
from app.publish.schedule.records import Records
from app.publish.tokens import Token, Tokens
from app.publish.workbench.editing import UNPUBLISHED, described
from app.publish.workbench.history import Change, History, sum_of
from app.publish.workbench.jobs import Job, Jobs, OpenReleases
from app.publish.workbench.rights import Right, demand, may
from app.publish.workbench.sessions import Session, Sessions
from app.publish.workbench.state import DatasetState, state_of
from app.publish.workbench.uploads import Uploads
from app.settings import Settings
from app.store.base import Manifest, Releases

RESERVED: Final = frozenset({"new", "sign-in", "sign-out", "jobs", "audit", "vocabulary", "help"})
"""Ids that no data set can have: they are pages of the workbench, or graphs of our own."""


@dataclass(frozen=True)
class Workbench:
    """Everything the steward's pages do. Rights are checked here, for every action."""

    settings: Settings
    open_releases: OpenReleases

    @cached_property
    def _folder(self) -> Path:
        return self.settings.data_dir / "workbench"

    @cached_property
    def tokens(self) -> Tokens:
        """Who may do what."""
        return Tokens(self.settings.data_dir)

    @cached_property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        return Sessions(self._folder / "sessions", self.tokens)

    @cached_property
    def uploads(self) -> Uploads:
        """Tables on their way."""
        return Uploads(self._folder / "incoming", self.settings, self.regions)

    @cached_property
    def history(self) -> History:
        """Files as they were."""
        return History(self._folder / "history")

    @cached_property
    def jobs(self) -> Jobs:
        """Publishing."""
        return Jobs(self._folder / "jobs", self.settings, self.open_releases)

    @cached_property
    def schedule(self) -> Records:
        """What became of scheduled publishing."""
        return Records(self.settings.data_dir / "schedule")

    @cached_property
    def audit(self) -> AuditLog:
        """The log."""
        return AuditLog(self.settings.data_dir)

    @cached_property
    def regions(self) -> RegionTable:
        """The region table of the vocabulary folder."""
        return RegionTable.load(self.settings.vocab_dir)

    @property
    def releases(self) -> Releases:
        """The releases."""
        return self.open_releases(self.settings)

    def graph(self, dataset: str) -> str:
        """The named graph of a data set, there or not."""
        return Dataset(dataset, self.settings.mappings_dir / dataset, self.settings).graph

    def dataset(self, id: str, token: Token, right: Right = Right.VIEW) -> Dataset:
        """A data set of the mappings folder. Raises RightMissing, DatasetNotFound."""
        demand(token, right, self.graph(id))
        folder = self.settings.mappings_dir / id
        if "/" in id or id.startswith(".") or not is_dataset(folder):
            raise DatasetNotFound(
                Text(f"データセット {id} はありません。", f"There is no data set {id}."),
                hint=Text("一覧から選んでください。", "Choose one from the list."),
            )
        return Dataset(id, folder, self.settings)

    def states(self, token: Token) -> list[DatasetState]:
        """The data sets that a token may see, with their state."""
        current = self.releases.current()
        every = all_datasets(self.settings)
        seen = [dataset for dataset in every if may(token, Right.VIEW, dataset.graph)]
        return [state_of(dataset, current) for dataset in seen]

    def save(
        self,
        dataset: Dataset,
        files: dict[str, bytes | None],
        session: Session,
        why: str,
        expected: dict[str, str] | None = None,
    ) -> list[Change]:
        """Write files of a data set, with history and log. Raises RightMissing, BadRequest,
        PreconditionFailed."""
        demand(session.token, Right.EDIT, dataset.graph)
        changes = self.history.write(
            dataset.folder, files, who=who(session.token), why=why, expected=expected
        )
        for change in changes:
            self.note(session, "save", dataset.id, file=change.file, sha256=change.after, why=why)
        return changes

    def undo_change(self, dataset: Dataset, number: int, session: Session) -> list[Change]:
        """Take back a change of a file."""
        demand(session.token, Right.EDIT, dataset.graph)
        why = f"変更 {number} を元に戻す / undo change {number}"
        changes = self.history.undo(dataset.folder, number, who=who(session.token), why=why)
        self.note(session, "undo-change", dataset.id, change=number)
        return changes

    def publish(self, dataset: Dataset, session: Session, mode: Mode = Mode.LENIENT) -> Job:
        """Publish a data set as its files are now."""
        demand(session.token, Right.PUBLISH, dataset.graph)
        self._set_unpublished(dataset, session, unpublished=False)
        job = self.jobs.start(dataset.id, "publish", who(session.token), mode=mode)
        self.note(session, "publish", dataset.id, job=job.id)
        return job

    def unpublish(self, dataset: Dataset, session: Session) -> Job:
        """Take a data set out of what is published; its files stay, its addresses answer 410."""
        demand(session.token, Right.PUBLISH, dataset.graph)
        self._set_unpublished(dataset, session, unpublished=True)
        job = self.jobs.start(dataset.id, "unpublish", who(session.token))
        self.note(session, "unpublish", dataset.id, job=job.id)
        return job

    def undo_publish(self, job: Job, session: Session) -> Manifest:
        """Go back to the release before a job's. Raises PreconditionFailed when another one has
        been published since: that would be taken back with it."""
        demand(session.token, Right.PUBLISH, self.graph(job.dataset))
        releases = self.releases
        current = releases.current()
        if job.parent is None or current is None or current.id != job.release:
            raise PreconditionFailed(
                Text(
                    "この公開のあとに別の公開があったか、前の版がないので、元に戻せません。",
                    "Something else was published since, or there is no earlier release.",
                ),
                hint=Text(
                    "ファイルを履歴から戻して公開し直してください。",
                    "Take the files back in the history, and publish again.",
                ),
            )
        manifest = releases.rollback(job.parent)
        self.jobs.mark_undone(job)
        self.note(session, "undo-publish", job.dataset, job=job.id, release=manifest.id)
        return manifest

    def note(self, session: Session, action: str, dataset: str, **details: object) -> None:
        """Write into the log who did what."""
        self.audit.append(
            {
                "token": session.token.id,
                "action": action,
                "outcome": "ok",
                "dataset": dataset,
                **{name: value for name, value in details.items() if value is not None},
            }
        )

    def _set_unpublished(self, dataset: Dataset, session: Session, *, unpublished: bool) -> None:
        if dataset.description.unpublished == unpublished:
            return
        path = dataset.description_path
        data = described(dataset, {UNPUBLISHED: unpublished})
        why = "公開をやめる / unpublish" if unpublished else "公開する / publish"
        expected = {path.name: sum_of(path.read_bytes())}
        self.save(dataset, {path.name: data}, session, why, expected)


def who(token: Token) -> str:
    """A token for people: its note, or its id."""
    return f"{token.note} ({token.id})" if token.note else token.id


__all__ = ["RESERVED", "Workbench", "who"]
