"""`/status`: how the service is, for people; the same as JSON. Says nothing of who asks what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

import orjson
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.errors import ReleaseNotFound, Text
from app.publish.schedule.records import Record, RunOutcome, message_of
from app.rdf.formats import Formats
from app.web.html import HtmlReplies
from app.web.negotiation import negotiate
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import VARY, Reply

_OFFERS: Final = (Formats.HTML.value, Formats.JSON.value)
_GOOD: Final = ("ok", "closed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many queries ended so; `seconds` in all."""

    name: str
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A data set that is published anew by itself: when next, and what became of the last run.
    A failed one says why; what was published before then stays."""

    dataset: str
    title: str
    schedule: str
    due: datetime | None
    last: datetime | None
    outcome: RunOutcome | None
    error: Text | None

    @classmethod
    def of(cls, record: Record) -> Scheduled:
        """What a record says."""
        run = record.last
        return cls(
            record.dataset,
            record.title,
            record.schedule,
            record.due,
            run.finished if run is not None else None,
            run.outcome if run is not None else None,
            message_of(run) if run is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Status:
    """What the page shows. Numbers are since the server started."""

    version: str
    release: str | None
    created: datetime | None
    age_hours: float | None
    graphs: int
    quads: int
    outcomes: tuple[Outcome, ...]
    rows: int
    kept: int
    waiting: int
    ready: int
    busy: int
    ended: tuple[tuple[str, int], ...]
    requests: int
    failed: int
    writing: bool
    scheduled: tuple[Scheduled, ...] = ()

    @property
    def queries(self) -> int:
        """Queries that were run or refused."""
        return sum(outcome.number for outcome in self.outcomes)


class StatusEndpoint:
    """Shows how the service is."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._site = site
        self._html = HtmlReplies(site)

    async def show(self, request: Request) -> Response:
        """200, also before the first publish."""
        status = self._status()
        format = request.query_params.get("format")
        wanted = negotiate(request.headers.get("accept", ""), _OFFERS)
        if format == "json" or (format is None and wanted is Formats.JSON.value):
            body = orjson.dumps(asdict(status), option=orjson.OPT_APPEND_NEWLINE)
            media_type = Formats.JSON.value.content_type.encode()
            return Reply(
                body,
                200,
                ((b"content-type", media_type), (b"cache-control", b"no-store"), VARY),
            )
        spoken = self._html.language(request)
        title = self._site.word("status.title", spoken)
        page = self._site.render("status.html", status, spoken, request, title=title)
        return self._html.fresh(page, spoken)

    def _status(self) -> Status:
        numbers = _Numbers(self._parts.metrics.exposition()[0].decode())
        try:
            manifest = self._parts.snapshots.get().manifest
        except ReleaseNotFound:
            manifest = None
        age = datetime.now(UTC) - manifest.created if manifest is not None else None
        seconds = numbers.by("tsunagu_query_seconds_sum", "outcome")
        outcomes = tuple(
            Outcome(name, int(number), round(seconds.get(name, 0.0), 1))
            for name, number in numbers.by("tsunagu_query_seconds_count", "outcome").items()
        )
        workers = numbers.by("tsunagu_query_workers", "state")
        requests = numbers.by("tsunagu_request_seconds_count", "status")
        return Status(
            version=__version__,
            release=manifest.id if manifest is not None else None,
            created=manifest.created if manifest is not None else None,
            age_hours=round(age.total_seconds() / 3600, 1) if age is not None else None,
            graphs=len(manifest.graphs) if manifest is not None else 0,
            quads=manifest.quads if manifest is not None else 0,
            outcomes=tuple(sorted(outcomes, key=lambda o: (o.name not in _GOOD, -o.number))),
            rows=int(numbers.total("tsunagu_query_rows_total")),
            kept=int(
                sum(
                    number
                    for name, number in numbers.by("tsunagu_query_cache_total", "outcome").items()
                    if name != "run"
                )
            ),
            waiting=int(numbers.total("tsunagu_queries_waiting")),
            ready=int(workers.get("ready", 0)),
            busy=int(workers.get("busy", 0)),
            ended=tuple(
                (cause, int(number))
                for cause, number in numbers.by(
                    "tsunagu_query_workers_ended_total", "cause"
                ).items()
            ),
            requests=int(sum(requests.values())),
            failed=int(sum(n for status, n in requests.items() if status.startswith("5"))),
            writing=self._parts.writes is not None,
            scheduled=tuple(
                Scheduled.of(record)
                for record in (
                    self._parts.workbench.schedule.all() if self._parts.workbench else ()
                )
            ),
        )


class _Numbers:
    """Samples of an exposition by name."""

    def __init__(self, exposition: str) -> None:
        self._samples: dict[str, list[tuple[dict[str, str], float]]] = defaultdict(list)
        for family in text_string_to_metric_families(exposition):
            for sample in family.samples:
                self._samples[sample.name].append((sample.labels, sample.value))

    def total(self, name: str) -> float:
        """The sum of all samples."""
        return sum(value for _, value in self._samples[name])

    def by(self, name: str, label: str) -> dict[str, float]:
        """Sums by the value of a label."""
        return _summed((labels.get(label, ""), value) for labels, value in self._samples[name])


def _summed(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for key, value in pairs:
        sums[key] = sums.get(key, 0.0) + value
    return sums
