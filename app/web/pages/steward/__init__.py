"""The workbench: the steward's way from a file to published data, behind a token."""

from __future__ import annotations

from starlette.routing import Route

from app.web.pages.steward.dataset import DatasetDesk
from app.web.pages.steward.desk import Desk
from app.web.pages.steward.editor import Editor
from app.web.pages.steward.jobs import JobDesk
from app.web.pages.steward.look import Look
from app.web.pages.steward.new import NewDataset
from app.web.pages.steward.overview import Overview
from app.web.pages.steward.signing import Signing
from app.web.parts import WebParts
from app.web.rendering import Site

_FORM_EXTRA = 64 << 10
"""What a form holds beside its file or text."""


def steward_routes(parts: WebParts, site: Site) -> list[Route]:
    """All routes under `/steward`; none without a workbench."""
    if parts.workbench is None:
        return []
    return _routes(Desk(parts, site, parts.workbench))


def _routes(desk: Desk) -> list[Route]:
    upload = desk.settings.upload_bytes + _FORM_EXTRA
    # Percent-encoding triples Japanese text in a form.
    mapping = 3 * desk.settings.mapping_bytes + _FORM_EXTRA
    both, post = ["GET", "POST"], ["POST"]
    signing, new, look = Signing(desk), NewDataset(desk), Look(desk)
    dataset, editor, jobs = DatasetDesk(desk), Editor(desk), JobDesk(desk)
    overview = desk.open(Overview(desk).show)
    one = "/steward/{dataset}"
    return [
        Route("/steward", overview),
        Route("/steward/", overview),
        Route("/steward/sign-in", desk.open(signing.sign_in, anyone=True), methods=both),
        Route("/steward/sign-out", desk.open(signing.sign_out), methods=post),
        Route("/steward/new", desk.open(new.choose, limit=upload), methods=both),
        Route("/steward/new/{upload}/check", desk.open(new.check), methods=both),
        Route("/steward/new/{upload}/draft", desk.open(new.draft), methods=both),
        Route("/steward/jobs/{job}", desk.open(jobs.show)),
        Route("/steward/jobs/{job}/undo", desk.open(jobs.undo), methods=post),
        Route(one, desk.open(dataset.show)),
        Route(f"{one}/table", desk.open(new.choose, limit=upload), methods=both),
        Route(f"{one}/describe", desk.open(dataset.describe), methods=both),
        Route(f"{one}/look", desk.open(look.show)),
        Route(f"{one}/diff", desk.open(dataset.difference)),
        Route(f"{one}/publish", desk.open(dataset.publish), methods=post),
        Route(f"{one}/unpublish", desk.open(dataset.unpublish), methods=post),
        Route(f"{one}/history", desk.open(dataset.history), methods=both),
        Route(f"{one}/history/{{sum}}", desk.open(dataset.version)),
        Route(f"{one}/mapping", desk.open(editor.edit, limit=mapping), methods=both),
        Route(f"{one}/mapping/try", desk.open(editor.attempt, limit=mapping), methods=post),
        Route(f"{one}/mapping/words.json", desk.open(editor.words)),
    ]
