"""A draft as a YARRRML document: nodes in the idiom of the bundled mappings, each column with a
comment in Japanese that says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.mapping.languages.yarrrml.flow import Comment, write_document
from app.mapping.languages.yarrrml.texts import reference
from app.publish.draft.columns import ColumnDraft, property_of
from app.publish.draft.keys import Key
from app.publish.draft.layouts import Layout
from app.publish.draft.modelling import AS_TEXT, FUNCTIONS, MEANINGS, NODES, NodeModel, Shape
from app.publish.draft.no_things import NoThings
from app.publish.draft.placing import TOKYO
from app.publish.draft.regions import Whereabouts

_LANGUAGES: Final = {Shape.JA: "ja~lang", Shape.KANA: "ja-Hrkt~lang", Shape.EN: "en~lang"}
_HAZARDS: Final = "def:hazard/"


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """What a mapping is composed from. `classes` are CURIEs; `namespace` begins the IRIs of the
    things (`id:aed/37201-`); `title` names the data for people."""

    title: str
    classes: tuple[str, ...]
    namespace: str
    columns: tuple[ColumnDraft, ...]
    key: Key
    whereabouts: Whereabouts
    layout: Layout | None = None
    remarks: tuple[str, ...] = ()
    links_postal_codes: bool = False
    no_things: NoThings | None = None


@dataclass
class _Node:
    """A node while it is being filled: what is said of it, and the columns it needs."""

    name: str
    model: NodeModel
    po: list[Any] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)


def compose(draft: MappingDraft) -> str:
    """The mapping as text. It reads back and compiles (`app.mapping`)."""
    return _Composer(draft).text()


class _Composer:
    def __init__(self, draft: MappingDraft) -> None:
        self.draft = draft
        self.root: list[Any] = []
        self.nodes: dict[str, _Node] = {}
        self.generic: dict[str, ColumnDraft] = {}
        self.by_meaning = {d.means: d for d in draft.columns if d.means and not d.as_text}
        self.commented: set[str] = set()

    def text(self) -> str:
        self.root.append(["a", _one_or_list(list(self.draft.classes))])
        if not any(d.means in ("name", "area-name") for d in self.draft.columns):
            self._label()
        if "area-name" in self.by_meaning and "name" not in self.by_meaning:
            label = f"{self._text('area-name')}（{self.draft.title}）"
            self.root.append(["rdfs:label", label, "ja~lang"])
        for column in self.draft.columns:
            self._column(column)
        self._point()
        self._opening_hours()
        self._region()
        self._corporate()
        self._links()
        thing: dict[str, Any] = {"s": self._subject()}
        condition = self._is_a_thing()
        if condition is not None:
            thing["condition"] = condition
        maps: dict[str, Any] = {"thing": {**thing, "po": self.root}}
        for node in self.nodes.values():
            maps[node.name] = self._node_map(node)
        for number, column in enumerate(self.generic.values(), 1):
            maps[f"column-{number}"] = {
                "s": column.predicate,
                "po": [
                    ["a", "def:ColumnProperty"],
                    _label(column.title),
                ],
            }
        return self._head() + write_document({"mappings": maps})

    def _head(self) -> str:
        lines = [
            f"{self.draft.title} の対応づけ（tsunagu init による下書き）",
            "表のどの列が、どのもののどの性質になるかを書いています。直したら `tsunagu preview` で確かめ、",
            "`tsunagu publish` で公開します。使える関数は docs/functions.md にあります。",
            *self.draft.remarks,
        ]
        return "".join(f"# {line}\n" for line in lines) + "\n"

    # Subjects --------------------------------------------------------------------------------

    def _subject(self, fragment: str = "") -> Any:
        key = self.draft.key
        fragment = f"#{fragment}" if fragment else ""
        if not key.is_row:
            return self.draft.namespace + "-".join(map(reference, key.columns)) + fragment
        parts: list[Any] = []
        for number, name in enumerate(key.columns):
            if number:
                parts.append(["jfn:value", "|"])
            parts.append(
                {"parameter": "jfn:value", "value": _call("coalesce", [reference(name), "-"])}
            )
        whole = _call("sha256", [_concat(parts)])
        value = _concat([["jfn:value", f"{self.draft.namespace}~iri"], _argument("value", whole)])
        if fragment:
            value["parameters"].append(["jfn:value", fragment])
        return [value]

    def _is_a_thing(self) -> dict[str, Any] | None:
        """The condition that leaves out sums and headings between the rows."""
        left_out = self.draft.no_things
        if left_out is None:
            return None
        parameters = [["jfn:value", reference(left_out.column)]]
        parameters += [["jfn:other", _literal(word)] for word in left_out.words]
        value = {"function": "jfn:nullIf", "parameters": parameters}
        return {"function": "jfn:notNull", "parameters": [_argument("value", value)]}

    def _label(self) -> None:
        key = self.draft.key
        if not key.is_row:
            label = f"{_literal(self.draft.title)} {' '.join(map(reference, key.columns))}"
            self.root.append(["rdfs:label", label, "ja~lang"])

    # Columns ---------------------------------------------------------------------------------

    def _column(self, column: ColumnDraft) -> None:
        if not column.is_mapped:
            reason = "、".join(r.ja for r in column.reasons)
            self.root.append(Comment(f"「{_line(column.column)}」は使っていません: {reason}"))
            return
        if column.means == "hazard":
            self._hazard(column)
            return
        if column.means:
            slots = MEANINGS[column.means]
            if column.as_text:
                slots = AS_TEXT.get(column.means, slots[:1])
            for slot in slots:
                shape = Shape.TEXT if column.as_text else slot.shape
                if column.means == "days" and slot.shape is Shape.DAYS and column.as_text:
                    continue
                self._say(slot.node, slot.property, shape, column)
            return
        if column.is_generic:
            self.generic[column.predicate] = column
        self._say("", column.predicate, column.shape, column)

    def _say(self, node: str, property: str, shape: Shape, column: ColumnDraft) -> None:
        if shape is Shape.QUANTITY:
            self._quantity(property, column)
            return
        target = self._node(node).po if node else self.root
        if node:
            self._node(node).columns[column.column] = None
        self._comment(target, column)
        target.append(self._entry(property, shape, column))

    def _entry(self, property: str, shape: Shape, column: ColumnDraft) -> Any:
        cell = reference(column.column)
        if shape in _LANGUAGES:
            return [property, cell, _LANGUAGES[shape]]
        if shape is Shape.TEXT:
            return [property, cell]
        if shape is Shape.LEVEL:
            return {"p": property, "o": _level(cell)}
        if shape is Shape.REGION:
            return {"p": property, "o": _region_iri(_call("regionCode5", [cell]))}
        if shape is Shape.DATE and column.date_format:
            call = _call("date", [cell])
            call["parameters"].append(["jfn:format", column.date_format])
            return {"p": property, "o": call | {"datatype": "xsd:date"}}
        function, datatype, type = FUNCTIONS[shape]
        if column.stripped and shape in (Shape.INTEGER, Shape.DECIMAL):
            parameters = [["jfn:value", cell], ["jfn:find", column.stripped]]
            without = {
                "function": "jfn:replace",
                "parameters": [*parameters, ["jfn:replacement", ""]],
            }
            call = _call(function, [without])
        else:
            call = _call(function, [cell])
        if datatype:
            call["datatype"] = datatype
        if type:
            call["type"] = type
        return {"p": property, "o": call}

    def _comment(self, target: list[Any], column: ColumnDraft) -> None:
        if column.column in self.commented:
            return
        self.commented.add(column.column)
        named = f"「{_line(column.column)}」"
        if column.title != column.column:
            named += f"＝{_line(column.title)}"
        reasons = "、".join(_line(reason.ja) for reason in column.reasons)
        target.append(Comment(f"{named}: {reasons}（確かさ {column.confidence:.0%}）"))
        if column.confirm is not None:
            target.append(Comment(f"  確認: {_line(column.confirm.ja)}"))

    def _quantity(self, property: str, column: ColumnDraft) -> None:
        name = f"quantity-{sum(n.startswith('quantity-') for n in self.nodes) + 1}"
        node = _Node(name, NodeModel(("ic:数量型",), (property,)))
        self.nodes[name] = node
        node.columns[column.column] = None
        self._comment(node.po, column)
        node.po.append(["ic:単位表記", column.unit])
        node.po.append(self._entry("ic:数値", Shape.DECIMAL, column))

    def _hazard(self, column: ColumnDraft) -> None:
        cell = reference(column.column)
        self._comment(self.root, column)
        condition = _call("flag", [cell])
        if column.shape is Shape.LEVEL:
            column_property = property_of(column.title)
            self.root.append({"p": column_property, "o": _level(cell)})
            level = _argument("left", _call("flag3", [cell]))
            condition = {
                "function": "jfn:equal",
                "parameters": [level, ["jfn:right", "yes"]],
            }
            self.generic[column_property] = ColumnDraft(
                column.column,
                column.title,
                "",
                column_property,
                Shape.LEVEL,
                column.origin,
                column.confidence,
                column.reasons,
            )
        self.root.append(
            {"p": "def:safeFrom", "o": f"{_HAZARDS}{column.of}~iri", "condition": condition}
        )

    # What several columns make ---------------------------------------------------------------

    def _point(self) -> None:
        latitude, longitude = self._coordinates()
        if latitude is None or longitude is None:
            return
        node = self._node("point")
        for name in ("latitude", "longitude", "coordinates"):
            if name in self.by_meaning:
                column = self.by_meaning[name]
                node.columns[column.column] = None
                self._comment(self.root, column)
        for property, function, value in (
            ("geo:lat", "latitude", latitude),
            ("geo:long", "longitude", longitude),
        ):
            call = self._degrees(function, value) | {"datatype": "xsd:decimal"}
            self.root.append({"p": property, "o": call})
        for property, function, value in (
            ("ic:緯度", "latitude", latitude),
            ("ic:経度", "longitude", longitude),
        ):
            call = self._degrees(function, value) | {"datatype": "xsd:string"}
            node.po.append({"p": property, "o": call})
        wkt = {
            "function": "jfn:wkt",
            "parameters": [
                _argument("latitude", self._in_the_worlds_datum("latitude", latitude)),
                _argument("longitude", self._in_the_worlds_datum("longitude", longitude)),
            ],
            "datatype": "gsp:wktLiteral",
        }
        node.po.append({"p": "gsp:asWKT", "o": wkt})

    def _degrees(self, function: str, value: Any) -> dict[str, Any]:
        return _call(function, [self._in_the_worlds_datum(function, value)])

    def _in_the_worlds_datum(self, which: str, value: Any) -> Any:
        """A coordinate of the old Tokyo datum converted; each needs both."""
        if "latitude" not in self.by_meaning or self.by_meaning["latitude"].of != TOKYO:
            return value
        pair = [
            ["jfn:latitude", self._text("latitude")],
            ["jfn:longitude", self._text("longitude")],
        ]
        return {"function": f"jfn:tokyoToJgd2011{which.capitalize()}", "parameters": pair}

    def _coordinates(self) -> tuple[Any, Any]:
        if "latitude" in self.by_meaning and "longitude" in self.by_meaning:
            return self._text("latitude"), self._text("longitude")
        if "coordinates" not in self.by_meaning:
            return None, None
        pair = self._text("coordinates")

        def part(number: str) -> dict[str, Any]:
            return {
                "function": "jfn:part",
                "parameters": [["jfn:value", pair], ["jfn:index", number]],
            }

        if self.by_meaning["coordinates"].of == "longitude first":
            return part("2"), part("1")
        return part("1"), part("2")

    def _opening_hours(self) -> None:
        if "opens" not in self.by_meaning or "closes" not in self.by_meaning:
            return
        if any(self.by_meaning[name].shape is not Shape.TIME for name in ("opens", "closes")):
            return
        days = self._text("days") if "days" in self.by_meaning else "月火水木金土日"
        self.root.append(
            Comment(
                "24:00 は保存先で 00:00:00 と同じ値になるので、読める形でも残します"
                + ("" if "days" in self.by_meaning else "（曜日の列がないので毎日とみなします）")
            )
        )
        parameters = [["jfn:days", days]]
        parameters += [["jfn:opens", self._text("opens")], ["jfn:closes", self._text("closes")]]
        call = {"function": "jfn:openingHours", "parameters": parameters}
        self.root.append({"p": "schema:openingHours", "o": call})

    def _region(self) -> None:
        where = self.draft.whereabouts
        codes = [m for m in ("place-region-code", "region-code") if m in self.by_meaning]
        for means in codes:
            self._comment(self.root, self.by_meaning[means])
        if where.is_stated and where.region is not None:
            self.root.append(["dcterms:spatial", f"id:region/{where.region.code5}~iri"])
            return
        readings: list[Any] = [_call("regionCode5", [self._text(codes[0])])] if codes else []
        if "address" in self.by_meaning:
            parameters = [["jfn:address", self._text("address")]]
            if where.prefecture is not None:
                parameters.append(["jfn:within", where.prefecture[:2]])
            readings.append({"function": "jfn:regionFromAddress", "parameters": parameters})
        elif "municipality" in self.by_meaning and not codes:
            parts = [self._text(m) for m in ("prefecture", "municipality") if m in self.by_meaning]
            address = _call("concat", parts) if len(parts) > 1 else parts[0]
            readings.append(
                {"function": "jfn:regionFromAddress", "parameters": [_argument("address", address)]}
            )
        if readings:
            value = readings[0]
            if codes and len(readings) > 1:
                value = {
                    "function": "jfn:coalesce",
                    "parameters": [_argument("value", each) for each in readings],
                }
            reason = "、".join(_line(r.ja) for r in where.reasons)
            self.root.append(Comment(f"地域へのリンク{': ' + reason if reason else ''}"))
            self.root.append({"p": "dcterms:spatial", "o": _region_iri(value)})
        if codes and "address" in self.nodes:
            code = _call("regionIri", [self._text(codes[0])]) | {"type": "iri"}
            self.nodes["address"].po.append({"p": "ic:市区町村コード", "o": code})

    def _corporate(self) -> None:
        if "corporate-number" in self.by_meaning:
            call = _call("corporateIri", [self._text("corporate-number")]) | {"type": "iri"}
            self._node("owner").po.append({"p": "owl:sameAs", "o": call})
        if "postal-code" in self.by_meaning and self.draft.links_postal_codes:
            postal = _call("postalCode", [self._text("postal-code")])
            digits = {
                "function": "jfn:replace",
                "parameters": [
                    _argument("value", postal),
                    ["jfn:find", "-"],
                    ["jfn:replacement", ""],
                ],
            }
            value = _concat([["jfn:value", "id:postal-code/~iri"], _argument("value", digits)])
            self._node("address").po.append({"p": "rdfs:seeAlso", "o": value | {"type": "iri"}})

    # Nodes -----------------------------------------------------------------------------------

    def _node(self, name: str) -> _Node:
        if name not in self.nodes:
            self.nodes[name] = _Node(name, NODES[name])
            parent = NODES[name].parent
            if parent:
                self._node(parent)
            if name == "elevation":
                self.nodes[name].po.append(["ic:単位表記", "m"])
            if name == "capacity" and "capacity" in self.by_meaning:
                self.nodes[name].po.append(["ic:単位表記", "人"])
        return self.nodes[name]

    def _links(self) -> None:
        """The properties that lead to the nodes. Of equipment the address and the point belong to
        the place where it stands."""
        layout = self.draft.layout
        through = layout.through if layout is not None else ""
        if through and ({"address", "point"} & set(self.nodes)):
            place = self._node("place")
            if "name" in self.by_meaning:
                place.po.append(["rdfs:label", self._text("name"), "ja~lang"])
            self.root.append([through, {"mapping": "place"}])
        for node in list(self.nodes.values()):
            if node.name == "place":
                continue
            links = list(node.model.links)
            if node.name == "owner":
                links = [self._owner_link()]
            target = self.root
            if node.model.parent:
                target = self.nodes[node.model.parent].po
            elif through and node.name in ("address", "point"):
                target = self.nodes["place"].po
                links = links[:1]
                if node.name == "point":
                    self.root.append(self._link(["gsp:hasGeometry"], node))
            target.append(self._link(links, node))

    def _owner_link(self) -> str:
        layout = self.draft.layout
        return layout.owner if layout is not None and layout.owner else NODES["owner"].links[0]

    def _link(self, links: list[str], node: _Node) -> Any:
        condition = self._condition(node)
        entry: dict[str, Any] = {"p": _one_or_list(links), "o": {"mapping": node.name}}
        if condition is None:
            return [links[0], {"mapping": node.name}] if len(links) == 1 else entry
        return entry | {"condition": condition}

    def _node_map(self, node: _Node) -> dict[str, Any]:
        body: dict[str, Any] = {"s": self._subject(node.name)}
        conditions = [c for c in (self._is_a_thing(), self._condition(node)) if c is not None]
        if conditions:
            both = {
                "function": "jfn:and",
                "parameters": [_argument("value", c) for c in conditions],
            }
            body["condition"] = conditions[0] if len(conditions) == 1 else both
        body["po"] = [["a", _one_or_list(list(node.model.classes))], *node.po]
        return body

    def _condition(self, node: _Node) -> dict[str, Any] | None:
        if not node.model.optional or not node.columns:
            return None
        cells = [reference(name) for name in node.columns]
        value = cells[0] if len(cells) == 1 else _call("coalesce", cells)
        return {"function": "jfn:notNull", "parameters": [_argument("value", value)]}

    def _text(self, means: str) -> str:
        return reference(self.by_meaning[means].column)


def _call(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {"function": f"jfn:{name}", "parameters": [_argument("value", v) for v in values]}


def _argument(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return [f"jfn:{name}", value]
    return {"parameter": f"jfn:{name}", "value": value}


def _concat(parts: list[Any]) -> dict[str, Any]:
    return {"function": "jfn:concat", "parameters": parts}


def _region_iri(code: Any) -> dict[str, Any]:
    whole = _concat([["jfn:value", "id:region/~iri"], _argument("value", code)])
    return whole | {"type": "iri"}


def _level(cell: str) -> dict[str, Any]:
    parameters: list[Any] = [["jfn:value", cell]]
    for name, level in (("yes", "full"), ("partial", "partly"), ("no", "none")):
        parameters.append([f"jfn:{name}", f"def:availability/{level}~iri"])
    return {"function": "jfn:flag3", "parameters": parameters, "type": "iri"}


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$(", "\\$(")


def _label(title: str) -> Any:
    if "~" in title:  # would be read as a mark of the language or the type
        value = {"value": _literal(title), "type": "literal", "language": "ja"}
        return {"p": "rdfs:label", "o": value}
    return ["rdfs:label", _literal(title), "ja~lang"]


def _line(text: str) -> str:
    return " ".join(text.split())


def _one_or_list(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values
