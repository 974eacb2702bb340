"""`/steward/`: the data sets with their state, and what is being worked on."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import Text
from app.publish.workbench.state import DatasetState
from app.web.pages.steward.contexts import OverviewPage
from app.web.pages.steward.desk import Desk, Visit


class Overview:
    """The first page of the workbench."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench

    async def show(self, visit: Visit) -> Response:
        """`GET /steward/`."""
        token = visit.session.token
        bench = self._bench

        def read() -> tuple[list[DatasetState], dict[str, int]]:
            states = bench.states(token)
            findings = {}
            for state in states:
                job = next(iter(bench.jobs.of(state.id)), None)
                if job is not None:
                    findings[state.id] = sum(job.findings.values())
            return states, findings

        states, findings = await self._desk.run(read)
        page = OverviewPage(
            self._desk.around(visit),
            states=states,
            findings=findings,
            uploads=bench.uploads.of(token),
            current=bench.releases.current(),
        )
        return self._desk.page("overview.html", Text("データの公開", "Publishing data"), page)
