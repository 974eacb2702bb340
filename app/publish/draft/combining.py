"""What several columns make together: the point, opening hours, the region, links by numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.mapping.languages.yarrrml.flow import Comment
from app.mapping.languages.yarrrml.texts import reference
from app.publish.draft.column_draft import ColumnDraft
from app.publish.draft.mapping_draft import MappingDraft, Node
from app.publish.draft.modelling import Shape
from app.publish.draft.pieces import argument, call_of, concat, one_line, region_iri
from app.publish.draft.placing import TOKYO


class Combined:
    """Says of the thing (`root`) and its nodes what needs more than one column, or a look at the
    whereabouts. `node` gives a node, made if need be; `comment` explains a column once."""

    def __init__(
        self,
        draft: MappingDraft,
        by_meaning: Mapping[str, ColumnDraft],
        root: list[Any],
        nodes: Mapping[str, Node],
        node: Callable[[str], Node],
        comment: Callable[[ColumnDraft], None],
    ) -> None:
        self._draft = draft
        self._by_meaning = by_meaning
        self._root = root
        self._nodes = nodes
        self._node = node
        self._comment = comment

    def say(self) -> None:
        """All of it."""
        self._point()
        self._opening_hours()
        self._region()
        self._corporate()

    def _point(self) -> None:
        latitude, longitude = self._coordinates()
        if latitude is None or longitude is None:
            return
        node = self._node("point")
        for name in ("latitude", "longitude", "coordinates"):
            if name in self._by_meaning:
                column = self._by_meaning[name]
                node.columns[column.column] = None
                self._comment(column)
        for property, function, value in (
            ("geo:lat", "latitude", latitude),
            ("geo:long", "longitude", longitude),
        ):
            call = self._degrees(function, value) | {"datatype": "xsd:decimal"}
            self._root.append({"p": property, "o": call})
        for property, function, value in (
            ("ic:緯度", "latitude", latitude),
            ("ic:経度", "longitude", longitude),
        ):
            call = self._degrees(function, value) | {"datatype": "xsd:string"}
            node.po.append({"p": property, "o": call})
        wkt = {
            "function": "jfn:wkt",
            "parameters": [
                argument("latitude", self._in_the_worlds_datum("latitude", latitude)),
                argument("longitude", self._in_the_worlds_datum("longitude", longitude)),
            ],
            "datatype": "gsp:wktLiteral",
        }
        node.po.append({"p": "gsp:asWKT", "o": wkt})

    def _degrees(self, function: str, value: Any) -> dict[str, Any]:
        return call_of(function, [self._in_the_worlds_datum(function, value)])

    def _in_the_worlds_datum(self, which: str, value: Any) -> Any:
        """A coordinate of the old Tokyo datum converted; each needs both."""
        if "latitude" not in self._by_meaning or self._by_meaning["latitude"].of != TOKYO:
            return value
        pair = [
            ["jfn:latitude", self._text("latitude")],
            ["jfn:longitude", self._text("longitude")],
        ]
        return {"function": f"jfn:tokyoToJgd2011{which.capitalize()}", "parameters": pair}

    def _coordinates(self) -> tuple[Any, Any]:
        if "latitude" in self._by_meaning and "longitude" in self._by_meaning:
            return self._text("latitude"), self._text("longitude")
        if "coordinates" not in self._by_meaning:
            return None, None
        pair = self._text("coordinates")

        def part(number: str) -> dict[str, Any]:
            return {
                "function": "jfn:part",
                "parameters": [["jfn:value", pair], ["jfn:index", number]],
            }

        if self._by_meaning["coordinates"].of == "longitude first":
            return part("2"), part("1")
        return part("1"), part("2")

    def _opening_hours(self) -> None:
        if "opens" not in self._by_meaning or "closes" not in self._by_meaning:
            return
        if any(self._by_meaning[name].shape is not Shape.TIME for name in ("opens", "closes")):
            return
        days = self._text("days") if "days" in self._by_meaning else "月火水木金土日"
        self._root.append(
            Comment(
                "24:00 は保存先で 00:00:00 と同じ値になるので、読める形でも残します"
                + ("" if "days" in self._by_meaning else "（曜日の列がないので毎日とみなします）")
            )
        )
        parameters = [["jfn:days", days]]
        parameters += [["jfn:opens", self._text("opens")], ["jfn:closes", self._text("closes")]]
        call = {"function": "jfn:openingHours", "parameters": parameters}
        self._root.append({"p": "schema:openingHours", "o": call})

    def _region(self) -> None:
        where = self._draft.whereabouts
        codes = [m for m in ("place-region-code", "region-code") if m in self._by_meaning]
        for means in codes:
            self._comment(self._by_meaning[means])
        if where.is_stated and where.region is not None:
            self._root.append(["dcterms:spatial", f"id:region/{where.region.code5}~iri"])
            return
        readings: list[Any] = [call_of("regionCode5", [self._text(codes[0])])] if codes else []
        if "address" in self._by_meaning:
            parameters = [["jfn:address", self._text("address")]]
            if where.prefecture is not None:
                parameters.append(["jfn:within", where.prefecture[:2]])
            readings.append({"function": "jfn:regionFromAddress", "parameters": parameters})
        elif "municipality" in self._by_meaning and not codes:
            parts = [self._text(m) for m in ("prefecture", "municipality") if m in self._by_meaning]
            address = call_of("concat", parts) if len(parts) > 1 else parts[0]
            readings.append(
                {"function": "jfn:regionFromAddress", "parameters": [argument("address", address)]}
            )
        if readings:
            value = readings[0]
            if codes and len(readings) > 1:
                value = {
                    "function": "jfn:coalesce",
                    "parameters": [argument("value", each) for each in readings],
                }
            reason = "、".join(one_line(r.ja) for r in where.reasons)
            self._root.append(Comment(f"地域へのリンク{': ' + reason if reason else ''}"))
            self._root.append({"p": "dcterms:spatial", "o": region_iri(value)})
        if codes and "address" in self._nodes:
            code = call_of("regionIri", [self._text(codes[0])]) | {"type": "iri"}
            self._nodes["address"].po.append({"p": "ic:市区町村コード", "o": code})

    def _corporate(self) -> None:
        if "corporate-number" in self._by_meaning:
            call = call_of("corporateIri", [self._text("corporate-number")]) | {"type": "iri"}
            self._node("owner").po.append({"p": "owl:sameAs", "o": call})
        if "postal-code" in self._by_meaning and self._draft.links_postal_codes:
            postal = call_of("postalCode", [self._text("postal-code")])
            digits = {
                "function": "jfn:replace",
                "parameters": [
                    argument("value", postal),
                    ["jfn:find", "-"],
                    ["jfn:replacement", ""],
                ],
            }
            value = concat([["jfn:value", "id:postal-code/~iri"], argument("value", digits)])
            self._node("address").po.append({"p": "rdfs:seeAlso", "o": value | {"type": "iri"}})

    def _text(self, means: str) -> str:
        return reference(self._by_meaning[means].column)
