"""`/steward/new`: a file is chosen, checked, mended if wanted, drafted, and becomes a data set that
can be looked at and published. A new table for a data set that is there goes the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from app.errors import BadRequest, DataRejected, Text, TsunaguError
from app.publish.draft.column_draft import ColumnDraft
from app.publish.draft.drafting import Draft
from app.publish.draft.layouts import load_layouts
from app.publish.draft.modelling import Shape
from app.publish.workbench import drafts
from app.publish.workbench.rights import Right
from app.publish.workbench.uploads import Upload
from app.quality.report import CheckReport
from app.web.check_report import WORDS, one, view_of
from app.web.pages.steward.contexts import CheckedPage, ChoosePage, DraftPage, ToldColumn
from app.web.pages.steward.desk import Desk, Visit
from app.web.pages.steward.words import SHAPES, to_confirm

_PASTED: Final = "paste.csv"
_FILE: Final = Text("ファイルを選ぶ", "Choose a file")
_CHECK: Final = Text("確かめる", "Check")
_DRAFT: Final = Text("下書き", "Draft")


class NewDataset:
    """The first steps."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench

    async def choose(self, visit: Visit) -> Response:
        """`/steward/new` and `/steward/{dataset}/table`: a file, or a paste."""
        dataset = visit.path.get("dataset")
        if dataset is not None:
            self._bench.dataset(dataset, visit.session.token, Right.EDIT)
        if visit.request.method != "POST":
            return self._choose_page(visit, dataset)
        try:
            upload = await self._keep(visit, dataset)
        except TsunaguError as error:
            return self._choose_page(visit, dataset, error)
        self._bench.note(
            visit.session, "upload", dataset or "", table=upload.name, address=upload.address
        )
        return self._desk.see(visit.to(f"new/{upload.id}/check"))

    async def _keep(self, visit: Visit, dataset: str | None) -> Upload:
        uploads, token = self._bench.uploads, visit.session.token
        address = visit.text("address").strip()
        if address and dataset is None and visit.file("file") is None:
            return await self._desk.run(lambda: uploads.fetch(address, token))
        name, data = await _sent(visit)
        return await self._desk.run(lambda: uploads.add(name, data, token, dataset=dataset))

    async def check(self, visit: Visit) -> Response:
        """`/steward/new/{upload}/check`: the report; mending, going back, throwing away."""
        upload = self._upload(visit)
        error: TsunaguError | None = None
        if visit.request.method == "POST":
            action = visit.text("action")
            uploads = self._bench.uploads
            try:
                if action == "mend":
                    await self._desk.run(lambda: uploads.mend(upload))
                elif action == "unmend":
                    await self._desk.run(lambda: uploads.unmend(upload))
                elif action == "discard":
                    uploads.remove(upload)
                    return self._desk.see(visit.to())
                elif action == "use" and upload.dataset is not None:
                    why = visit.text("why").strip() or "表の差し替え / new table"
                    session = visit.session
                    await self._desk.run(
                        lambda: drafts.replace_table(self._bench, upload, session, why)
                    )
                    return self._desk.see(visit.to(f"{upload.dataset}/look"))
                return self._desk.see(visit.to(f"new/{upload.id}/check"))
            except DataRejected as rejected:
                error = rejected
        return await self._check_page(visit, upload, error)

    async def draft(self, visit: Visit) -> Response:
        """`/steward/new/{upload}/draft`: what every column becomes, and what the data are called."""
        upload = self._upload(visit)
        error: TsunaguError | None = None
        if visit.request.method == "POST":
            try:
                about = self._about(visit)
                id, region, session = visit.text("id").strip(), _region(visit), visit.session
                dataset = await self._desk.run(
                    lambda: drafts.make_dataset(self._bench, upload, session, id, about, region)
                )
                return self._desk.see(visit.to(f"{dataset.id}/look"))
            except TsunaguError as refused:
                error = refused
        region = _region(visit) or visit.request.query_params.get("region", "")
        draft = await self._desk.run(lambda: self._draft(upload, region))
        page = DraftPage(
            self._desk.around(visit),
            upload=upload,
            draft=draft,
            columns=self._told(draft, visit),
            confirmations=to_confirm(draft),
            values=self._values(visit, upload, draft),
            licences=drafts.LICENCES,
            region=region,
            error=error,
        )
        return self._desk.page("draft.html", _DRAFT, page, 422 if error is not None else 200)

    def _choose_page(
        self, visit: Visit, dataset: str | None, error: TsunaguError | None = None
    ) -> Response:
        status = 200 if error is None else 422
        if error is not None and error.code == "source-too-large":
            status = 413
        page = ChoosePage(
            self._desk.around(visit),
            dataset=dataset,
            limit=self._desk.settings.upload_bytes,
            hosts=self._desk.settings.fetch_hosts if dataset is None else (),
            address=visit.text("address"),
            error=error,
        )
        return self._desk.page("choose.html", _FILE, page, status)

    async def _check_page(
        self, visit: Visit, upload: Upload, error: TsunaguError | None
    ) -> Response:
        def read() -> tuple[CheckReport, int]:
            report = self._bench.uploads.report(upload)
            try:
                return report, self._bench.uploads.repairs(upload)
            except DataRejected:
                return report, 0

        report, repairs = await self._desk.run(read)
        page = CheckedPage(
            self._desk.around(visit),
            style=self._desk.site.static.address("check.css"),
            upload=upload,
            report=view_of(report),
            repairs=repairs,
            say=one(visit.spoken),
            words=WORDS,
            error=error,
        )
        return self._desk.page("check.html", _CHECK, page, 200 if error is None else 422)

    def _upload(self, visit: Visit) -> Upload:
        upload = self._bench.uploads.find(visit.path["upload"], visit.session.token)
        drafts.may_use(self._bench, upload, visit.session.token)
        return upload

    def _draft(self, upload: Upload, region: str) -> Draft:
        try:
            return drafts.look_at(self._bench, upload, region)
        except BadRequest:
            return drafts.look_at(self._bench, upload)

    def _about(self, visit: Visit) -> dict[str, Any]:
        """Properties of the description from the form. Raises BadRequest."""
        title = visit.text("title").strip()
        if not title:
            raise BadRequest(Text("題名を入れてください。", "Give it a title."))
        about: dict[str, Any] = {"title": title}
        if description := visit.text("description").strip():
            about["description"] = description
        if publisher := visit.text("publisher").strip():
            about["contributors"] = [{"title": publisher, "role": "publisher"}]
        licence = visit.text("licence")
        if licence in drafts.LICENCES:
            about["licenses"] = [{"title": drafts.LICENCES[licence], "path": licence}]
        return about

    def _values(self, visit: Visit, upload: Upload, draft: Draft) -> dict[str, str]:
        region = draft.whereabouts.region
        organisation = region.name if region is not None else ""
        return {
            "title": visit.text("title", drafts.suggested_title(upload, draft)),
            "id": visit.text("id", drafts.suggested_id(self._bench, upload, draft)),
            "description": visit.text("description"),
            "publisher": visit.text("publisher", self._desk.settings.publisher or organisation),
            "licence": visit.text("licence", self._desk.settings.default_licence),
            "region": region.code5 if region is not None else "",
            "found": region.code5 if region and not draft.whereabouts.is_stated else "",
            "place": region.full_name if region is not None else "",
        }

    def _told(self, draft: Draft, visit: Visit) -> list[ToldColumn]:
        layouts = load_layouts(Path(self._desk.settings.vocab_dir))

        def name(column: ColumnDraft) -> str:
            usual = layouts.names.get(column.means, ())
            return usual[0] if usual else column.title

        return [
            ToldColumn(
                column.column,
                name(column) if column.is_mapped else None,
                visit.tell(SHAPES[column.shape])
                if column.shape is not Shape.TEXT and not column.as_text
                else "",
                column.unit,
                round(column.confidence * 100),
                [visit.tell(reason) for reason in column.reasons],
                visit.tell(column.confirm) if column.confirm is not None else None,
            )
            for column in draft.columns
        ]


def _region(visit: Visit) -> str:
    """The region that someone wrote into the form. The one that the table told stands there
    already: then each row goes on telling its own."""
    code = visit.text("region").strip()
    if code == visit.text("found"):
        return ""
    return code if code.isascii() and code.isdigit() else ""


async def _sent(visit: Visit) -> tuple[str, bytes]:
    file = visit.file("file")
    if file is not None:
        return file.filename or _PASTED, await file.read()
    text = visit.text("text")
    if text.strip():
        return _PASTED, text.encode("utf-8-sig")
    raise BadRequest(
        Text("表が送られていません。", "No table was sent."),
        hint=Text("ファイルを選ぶか、表を貼り付けてください。", "Choose a file, or paste a table."),
    )
