"""`/steward/jobs/{job}`: how far publishing is, what came of it, and taking it back."""

from __future__ import annotations

from starlette.responses import Response

from app.publish.workbench.jobs import Job, JobState
from app.publish.workbench.rights import Right, demand
from app.web.addresses import Addresses
from app.web.pages.steward.contexts import JobPage
from app.web.pages.steward.desk import Desk, Visit
from app.web.pages.steward.words import ACTIONS


class JobDesk:
    """The page of a job. While it runs the page loads itself again every second; a script may ask
    for JSON instead."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench
        self._addresses = Addresses(desk.settings.base_iri)

    async def show(self, visit: Visit) -> Response:
        """`GET /steward/jobs/{job}`."""
        job = self._job(visit, Right.VIEW)
        if "html" not in visit.request.headers.get("accept", "html"):
            return self._desk.json(visit, job.model_dump(mode="json", exclude={"pid"}))
        current = self._bench.releases.current()
        refresh = ((b"refresh", b"1"),) if job.state is JobState.RUNNING else ()
        page = JobPage(
            self._desk.around(visit),
            job=job,
            undoable=job.state is JobState.DONE
            and job.changed
            and job.parent is not None
            and current is not None
            and current.id == job.release,
            examples=[(self._addresses.thing(iri), name) for iri, name in job.examples],
        )
        return self._desk.page("job.html", ACTIONS[job.action], page, headers=refresh)

    async def undo(self, visit: Visit) -> Response:
        """`POST /steward/jobs/{job}/undo`: the release before is current again."""
        job = self._job(visit, Right.PUBLISH)
        session = visit.session
        await self._desk.run(lambda: self._bench.undo_publish(job, session))
        return self._desk.see(visit.to(f"jobs/{job.id}"))

    def _job(self, visit: Visit, right: Right) -> Job:
        job = self._bench.jobs.find(visit.path["job"])
        demand(visit.session.token, right, self._bench.graph(job.dataset))
        return job
