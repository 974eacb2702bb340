"""`/steward/{dataset}/mapping`: the mapping as text, tried as it stands, beside what it gives.

Without scripts a button tries the text. Scripts ask `mapping/try` while someone types, and
`mapping/words.json` once for what can be completed.
"""

from __future__ import annotations

import time
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import orjson
from starlette.responses import Response

from app.codes.terms import Term, TermKind
from app.errors import Text, TsunaguError
from app.findings import Findings
from app.mapping.functions.registry import all_functions
from app.mapping.model import LogicalSource
from app.publish.dataset import Dataset
from app.publish.workbench.editing import try_mapping
from app.publish.workbench.history import sum_of
from app.publish.workbench.rights import Right
from app.rdf.namespaces import PREFIXES
from app.web.pages.steward.contexts import MappingPage
from app.web.pages.steward.desk import Desk, Visit
from app.web.pages.steward.tried import named, short, tried

_ROWS: Final = 20
_ROWS_WHILE_TYPING: Final = 50
_TITLE: Final = Text("対応づけを直す", "Edit the mapping")


class Editor:
    """Editing a mapping."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench
        self._base = desk.settings.base_iri

    async def edit(self, visit: Visit) -> Response:
        """`GET` shows it; `POST` tries it (`action=try`) or saves it when nothing is wrong."""
        writing = visit.request.method == "POST"
        dataset = self._dataset(visit, Right.EDIT if writing else Right.VIEW)
        path = dataset.mapping_path
        saved = path.read_bytes()
        text = visit.text("text").replace("\r\n", "\n") if writing else saved.decode("utf-8-sig")
        based_on = visit.text("based_on") or sum_of(saved)
        errors, found = await self._desk.run(lambda: try_mapping(dataset, text, _ROWS))
        if writing and visit.text("action") == "save" and not errors:
            why = visit.text("why").strip() or "対応づけの変更 / mapping"
            try:
                self._bench.save(
                    dataset, {path.name: text.encode()}, visit.session, why, {path.name: based_on}
                )
                return self._desk.see(visit.to(f"{dataset.id}/mapping"))
            except TsunaguError as refused:
                errors = [refused]
        page = MappingPage(
            self._desk.around(visit),
            dataset=dataset,
            name=path.name,
            text=text,
            lines=text.splitlines(),
            based_on=based_on,
            changed=text.encode() != saved,
            errors=errors,
            preview=found,
            short=lambda term: short(term, self._base),
        )
        return self._desk.page("mapping.html", _TITLE, page, 422 if errors and writing else 200)

    async def attempt(self, visit: Visit) -> Response:
        """`POST mapping/try`: errors with their places, and what the first rows give."""
        dataset = self._dataset(visit, Right.EDIT)
        text = visit.text("text").replace("\r\n", "\n")
        started = time.monotonic()
        errors, found = await self._desk.run(lambda: try_mapping(dataset, text, _ROWS_WHILE_TYPING))
        return self._desk.json(
            visit,
            tried(errors, found, visit.spoken, self._base)
            | {"seconds": round(time.monotonic() - started, 3)},
        )

    async def words(self, visit: Visit) -> Response:
        """`GET mapping/words.json`: columns, classes, properties, functions, prefixes, and the
        JSON Schema of the form."""
        dataset = self._dataset(visit, Right.VIEW)
        return self._desk.json(visit, await self._desk.run(lambda: self._words(dataset)))

    def _words(self, dataset: Dataset) -> dict[str, Any]:
        columns = {}
        for resource in dataset.description.resources:
            try:
                table = dataset.open_table(LogicalSource(resource.path), Findings())
                columns[resource.path] = list(table.columns)
            except TsunaguError:
                columns[resource.path] = []
        terms = list(self._desk.parts.terms)
        return {
            "columns": columns,
            "classes": [self._term(t) for t in terms if t.kind is TermKind.CLASS],
            "properties": [self._term(t) for t in terms if t.kind is TermKind.PROPERTY],
            "functions": [
                {
                    "name": f"jfn:{function.name}",
                    "parameters": [
                        {"name": f"jfn:{p.name}", "required": p.required}
                        for p in function.parameters
                    ],
                    "summary": {"ja": function.summary.ja, "en": function.summary.en},
                }
                for function in all_functions()
            ],
            "prefixes": dict(PREFIXES),
            "schema": _schema(),
        }

    def _term(self, term: Term) -> dict[str, Any]:
        name = named(term.iri, self._base)
        return {"iri": term.iri, "name": name, "labels": dict(term.labels)}

    def _dataset(self, visit: Visit, right: Right) -> Dataset:
        return self._bench.dataset(visit.path["dataset"], visit.session.token, right)


@lru_cache(maxsize=1)
def _schema() -> Any:
    file = files("app.mapping") / "schemas" / "yarrrml-1.json"
    return orjson.loads(file.read_bytes())
