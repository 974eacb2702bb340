"""`/steward/{dataset}`: its state, its description, its files as they were, and publishing."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from app.errors import BadRequest, Text, TsunaguError
from app.findings import Findings
from app.mapping.execute import Mode
from app.publish.changes import Difference
from app.publish.dataset import Dataset
from app.publish.difference import difference
from app.publish.fetching.addresses import AllowList, is_remote
from app.publish.workbench import drafts
from app.publish.workbench.editing import described
from app.publish.workbench.history import sum_of
from app.publish.workbench.rights import Right
from app.publish.workbench.state import DatasetState, state_of
from app.rdf.formats import Formats
from app.web.addresses import Addresses
from app.web.pages.steward.contexts import (
    DatasetPage,
    DescribePage,
    DifferencePage,
    HistoryPage,
    UnpublishPage,
)
from app.web.pages.steward.desk import Desk, Visit
from app.web.replies import Reply

FIELDS: Final = (
    "title",
    "title_en",
    "description",
    "description_en",
    "homepage",
    "accrualPeriodicity",
    "credit",
    "schedule",
)
"""Properties of a description that the form changes as they are."""

_FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"

FREQUENCIES: Final = {
    _FREQUENCY + "DAILY": Text("毎日", "daily"),
    _FREQUENCY + "WEEKLY": Text("毎週", "weekly"),
    _FREQUENCY + "MONTHLY": Text("毎月", "monthly"),
    _FREQUENCY + "QUARTERLY": Text("四半期ごと", "quarterly"),
    _FREQUENCY + "ANNUAL": Text("毎年", "yearly"),
    _FREQUENCY + "IRREG": Text("不定期", "irregular"),
}

SCHEDULES: Final = {
    "0 3 * * *": Text("毎日 3 時", "every day at 3:00"),
    "0 3 * * 1": Text("毎週月曜 3 時", "on Mondays at 3:00"),
    "0 3 1 * *": Text("毎月 1 日 3 時", "on the first of the month at 3:00"),
    "0 * * * *": Text("毎時", "every hour"),
}
"""Times on offer; others are written into the description by hand."""

_SHOWN: Final = 30
_DESCRIBE: Final = Text("説明を書く", "Describe")
_HISTORY: Final = Text("履歴", "History")
_DIFFERENCE: Final = Text("公開すると変わること", "What publishing changes")


class DatasetDesk:
    """The pages of one data set, but for its mapping."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench
        self._addresses = Addresses(desk.settings.base_iri)

    async def show(self, visit: Visit) -> Response:
        """`GET /steward/{dataset}`."""
        dataset = self._dataset(visit)
        state = await self._state(dataset)
        addresses, schedule = _kept_elsewhere(dataset)
        page = DatasetPage(
            self._desk.around(visit),
            dataset=dataset,
            state=state,
            jobs=self._bench.jobs.of(dataset.id)[:_SHOWN],
            changes=self._bench.history.changes(dataset.id)[:-6:-1],
            public=f"{self._desk.site.root}/dataset/{dataset.id}",
            addresses=addresses,
            schedule=schedule,
        )
        return self._desk.page("dataset.html", Text(state.title, state.title), page)

    async def describe(self, visit: Visit) -> Response:
        """`/steward/{dataset}/describe`: a form of what the data set is."""
        dataset = self._dataset(visit, Right.EDIT)
        path = dataset.description_path
        error: TsunaguError | None = None
        if visit.request.method == "POST":
            try:
                data = described(dataset, _about(visit, dataset))
                why = visit.text("why").strip() or "説明の変更 / description"
                expected = {path.name: visit.text("based_on")}
                self._bench.save(dataset, {path.name: data}, visit.session, why, expected)
                return self._desk.see(visit.to(dataset.id))
            except TsunaguError as refused:
                error = refused
        page = DescribePage(
            self._desk.around(visit),
            dataset=dataset,
            values=_values(visit, dataset),
            based_on=visit.text("based_on") or sum_of(path.read_bytes()),
            licences=drafts.LICENCES,
            frequencies=FREQUENCIES,
            schedules=SCHEDULES,
            hosts=self._desk.settings.fetch_hosts,
            error=error,
        )
        return self._desk.page("describe.html", _DESCRIBE, page, 200 if error is None else 422)

    async def difference(self, visit: Visit) -> Response:
        """`GET /steward/{dataset}/diff`: what would come, go and change, thing by thing."""
        dataset = self._dataset(visit)
        findings = Findings()

        def compare() -> Difference:
            return difference(dataset, self._bench.releases, findings)

        found = await self._desk.run(compare)
        page = DifferencePage(
            self._desk.around(visit),
            dataset=dataset,
            difference=found,
            shown=_SHOWN,
            findings=findings,
            page_of=self._page_of,
        )
        return self._desk.page("diff.html", _DIFFERENCE, page)

    async def publish(self, visit: Visit) -> Response:
        """`POST /steward/{dataset}/publish`."""
        dataset = self._dataset(visit, Right.PUBLISH)
        try:
            mode = Mode(visit.text("mode", Mode.LENIENT.value))
        except ValueError:
            mode = Mode.LENIENT
        session = visit.session
        job = await self._desk.run(lambda: self._bench.publish(dataset, session, mode))
        return self._desk.see(visit.to(f"jobs/{job.id}"))

    async def unpublish(self, visit: Visit) -> Response:
        """`POST /steward/{dataset}/unpublish`: asks once more before it does it."""
        dataset = self._dataset(visit, Right.PUBLISH)
        if visit.text("sure") != "yes":
            title = Text("公開をやめる", "Take back")
            state = await self._state(dataset)
            page = UnpublishPage(self._desk.around(visit), dataset=dataset, state=state)
            return self._desk.page("unpublish.html", title, page)
        session = visit.session
        job = await self._desk.run(lambda: self._bench.unpublish(dataset, session))
        return self._desk.see(visit.to(f"jobs/{job.id}"))

    async def history(self, visit: Visit) -> Response:
        """`/steward/{dataset}/history`: every change of its files; one can be taken back."""
        dataset = self._dataset(visit)
        if visit.request.method == "POST":
            number = visit.text("number")
            if not (number.isascii() and number.isdigit() and len(number) < 9):
                raise BadRequest(
                    Text("変更の番号がありません。", "There is no number of a change.")
                )
            self._bench.undo_change(dataset, int(number), visit.session)
            return self._desk.see(visit.to(f"{dataset.id}/history"))
        changes = self._bench.history.changes(dataset.id)[::-1]
        latest = {change.file: change.number for change in reversed(changes)}
        page = HistoryPage(
            self._desk.around(visit), dataset=dataset, changes=changes, latest=latest
        )
        return self._desk.page("history.html", _HISTORY, page)

    async def version(self, visit: Visit) -> Response:
        """`GET /steward/{dataset}/history/{sum}`: a file as it was, as text or to download."""
        dataset = self._dataset(visit)
        data = self._bench.history.content(dataset.id, visit.path["sum"])
        plain = Formats.TEXT.value.content_type.encode()
        headers = (
            (b"content-type", plain),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", b"default-src 'none'; sandbox"),
        )
        return Reply(data, 200, headers)

    def _dataset(self, visit: Visit, right: Right = Right.VIEW) -> Dataset:
        return self._bench.dataset(visit.path["dataset"], visit.session.token, right)

    async def _state(self, dataset: Dataset) -> DatasetState:
        return await self._desk.run(lambda: state_of(dataset, self._bench.releases.current()))

    def _page_of(self, iri: str) -> str:
        return self._addresses.thing(iri)


def _kept_elsewhere(dataset: Dataset) -> tuple[list[str], str]:
    """Where the tables of a data set lie, if not in its folder, and when they are fetched."""
    try:
        description = dataset.description
    except TsunaguError:
        return [], ""
    addresses = [r.path for r in description.resources if is_remote(r.path)]
    return addresses, description.schedule


def _address(dataset: Dataset) -> str:
    return next((r.path for r in dataset.description.resources if is_remote(r.path)), "")


def _values(visit: Visit, dataset: Dataset) -> dict[str, str]:
    """What stands in the form: what was sent, else what the description says."""
    description = dataset.description
    said = description.model_dump(by_alias=True)
    publisher = description.publisher or next(
        (c.title for c in description.contributors if c.role == "publisher"), ""
    )
    values = {name: str(said.get(name) or "") for name in FIELDS}
    values["licence"] = next((each.path for each in description.licenses), "")
    values["publisher"] = publisher
    values["address"] = _address(dataset)
    values["keywords"] = "、".join(description.keywords)
    return {name: visit.text(name, value) for name, value in values.items()}


def _about(visit: Visit, dataset: Dataset) -> dict[str, Any]:
    """What the form changes. Raises BadRequest."""
    description = dataset.description
    if not visit.text("title").strip():
        raise BadRequest(Text("題名を入れてください。", "Give it a title."))
    about: dict[str, Any] = {name: visit.text(name).strip() for name in FIELDS}
    words = visit.text("keywords").replace("、", ",").split(",")
    about["keywords"] = [word.strip() for word in words if word.strip()]
    licence = visit.text("licence")
    if licence and licence != next((each.path for each in description.licenses), ""):
        title = drafts.LICENCES.get(licence, licence)
        about["licenses"] = [{"title": title, "path": licence}]
    publisher = visit.text("publisher").strip()
    if description.publisher:
        about["publisher"] = publisher
    elif publisher:
        people = [c.model_dump(exclude_defaults=True) for c in description.contributors]
        for person, contributor in zip(people, description.contributors, strict=True):
            person["role"] = contributor.role
        others = [person for person in people if person["role"] != "publisher"]
        about["contributors"] = [*others, {"title": publisher, "role": "publisher"}]
    address = visit.text("address").strip()
    if "address" in visit.form and address != _address(dataset):
        if address:
            AllowList(dataset.settings).check(address)
        about |= drafts.lying_at(dataset, address)
    known = description.model_dump(by_alias=True, mode="json")
    return {
        name: value
        for name, value in about.items()
        if value != known.get(name, "") and not (not value and not known.get(name))
    }
