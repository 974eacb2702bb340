"""Scheduled runs that failed, in the feed of changes: what was published before then stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import Language, Text
from app.publish.schedule.records import message_of
from app.web.atom import Entry
from app.web.parts import WebParts

_TITLE = Text("自動更新できませんでした: {title}", "Not updated: {title}")
_STAYS = Text("前に公開したものがそのまま出ています。", "What was published before stays.")


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run that published nothing. `id` never changes."""

    id: str
    dataset: str
    title: Text
    time: datetime
    why: Text

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "id": self.id,
            "dataset": self.dataset,
            "time": self.time,
            "message": {"ja": self.why.ja, "en": self.why.en},
        }

    def entry(self, language: Language, page: str) -> Entry:
        """An entry of a feed; `page` shows the schedules."""
        summary = Text(f"{self.why.ja}{_STAYS.ja}", f"{self.why.en} {_STAYS.en}")
        return Entry(
            id=f"urn:tsunagu:run:{self.id}",
            title=self.title.in_language(language),
            updated=self.time,
            summary=summary.in_language(language),
            href=page,
        )


def failed_runs(parts: WebParts) -> tuple[FailedRun, ...]:
    """The failed runs that are remembered, newest first."""
    if parts.workbench is None:
        return ()
    found = [
        FailedRun(
            run.id,
            record.dataset,
            _TITLE.format(title=record.title),
            run.finished,
            message_of(run) or Text("", ""),
        )
        for record in parts.workbench.schedule.all()
        for run in record.failures
    ]
    return tuple(sorted(found, key=lambda run: run.time, reverse=True))
