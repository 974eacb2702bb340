"""A draft as a YARRRML document: nodes in the idiom of the bundled mappings, each column with a
comment in Japanese that says why."""

from __future__ import annotations

from typing import Any, Final

from app.mapping.languages.yarrrml.flow import Comment, write_document
from app.mapping.languages.yarrrml.texts import reference
from app.publish.draft.column_draft import ColumnDraft, property_of
from app.publish.draft.combining import Combined
from app.publish.draft.mapping_draft import MappingDraft, Node
from app.publish.draft.modelling import AS_TEXT, FUNCTIONS, MEANINGS, NODES, NodeModel, Shape
from app.publish.draft.pieces import (
    argument,
    call_of,
    concat,
    label_of,
    level_of,
    literal,
    one_line,
    one_or_list,
    region_iri,
)

_LANGUAGES: Final = {Shape.JA: "ja~lang", Shape.KANA: "ja-Hrkt~lang", Shape.EN: "en~lang"}
_HAZARDS: Final = "def:hazard/"


def compose(draft: MappingDraft) -> str:
    """The mapping as text. It reads back and compiles (`app.mapping`)."""
    return _Composer(draft).text()


class _Composer:
    def __init__(self, draft: MappingDraft) -> None:
        self.draft = draft
        self.root: list[Any] = []
        self.nodes: dict[str, Node] = {}
        self.generic: dict[str, ColumnDraft] = {}
        self.by_meaning = {d.means: d for d in draft.columns if d.means and not d.as_text}
        self.commented: set[str] = set()

    def text(self) -> str:
        self.root.append(["a", one_or_list(list(self.draft.classes))])
        if not any(d.means in ("name", "area-name") for d in self.draft.columns):
            self._label()
        if "area-name" in self.by_meaning and "name" not in self.by_meaning:
            label = f"{self._text('area-name')}（{self.draft.title}）"
            self.root.append(["rdfs:label", label, "ja~lang"])
        for column in self.draft.columns:
            self._column(column)
        Combined(
            self.draft, self.by_meaning, self.root, self.nodes, self._node, self._root_comment
        ).say()
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
                    label_of(column.title),
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
                {"parameter": "jfn:value", "value": call_of("coalesce", [reference(name), "-"])}
            )
        whole = call_of("sha256", [concat(parts)])
        value = concat([["jfn:value", f"{self.draft.namespace}~iri"], argument("value", whole)])
        if fragment:
            value["parameters"].append(["jfn:value", fragment])
        return [value]

    def _is_a_thing(self) -> dict[str, Any] | None:
        """The condition that leaves out sums and headings between the rows."""
        left_out = self.draft.no_things
        if left_out is None:
            return None
        parameters = [["jfn:value", reference(left_out.column)]]
        parameters += [["jfn:other", literal(word)] for word in left_out.words]
        value = {"function": "jfn:nullIf", "parameters": parameters}
        return {"function": "jfn:notNull", "parameters": [argument("value", value)]}

    def _label(self) -> None:
        key = self.draft.key
        if not key.is_row:
            label = f"{literal(self.draft.title)} {' '.join(map(reference, key.columns))}"
            self.root.append(["rdfs:label", label, "ja~lang"])

    # Columns ---------------------------------------------------------------------------------

    def _column(self, column: ColumnDraft) -> None:
        if not column.is_mapped:
            reason = "、".join(r.ja for r in column.reasons)
            self.root.append(Comment(f"「{one_line(column.column)}」は使っていません: {reason}"))
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
            return {"p": property, "o": level_of(cell)}
        if shape is Shape.REGION:
            return {"p": property, "o": region_iri(call_of("regionCode5", [cell]))}
        if shape is Shape.DATE and column.date_format:
            call = call_of("date", [cell])
            call["parameters"].append(["jfn:format", column.date_format])
            return {"p": property, "o": call | {"datatype": "xsd:date"}}
        function, datatype, type = FUNCTIONS[shape]
        if column.stripped and shape in (Shape.INTEGER, Shape.DECIMAL):
            parameters = [["jfn:value", cell], ["jfn:find", column.stripped]]
            without = {
                "function": "jfn:replace",
                "parameters": [*parameters, ["jfn:replacement", ""]],
            }
            call = call_of(function, [without])
        else:
            call = call_of(function, [cell])
        if datatype:
            call["datatype"] = datatype
        if type:
            call["type"] = type
        return {"p": property, "o": call}

    def _comment(self, target: list[Any], column: ColumnDraft) -> None:
        if column.column in self.commented:
            return
        self.commented.add(column.column)
        named = f"「{one_line(column.column)}」"
        if column.title != column.column:
            named += f"＝{one_line(column.title)}"
        reasons = "、".join(one_line(reason.ja) for reason in column.reasons)
        target.append(Comment(f"{named}: {reasons}（確かさ {column.confidence:.0%}）"))
        if column.confirm is not None:
            target.append(Comment(f"  確認: {one_line(column.confirm.ja)}"))

    def _root_comment(self, column: ColumnDraft) -> None:
        self._comment(self.root, column)

    def _quantity(self, property: str, column: ColumnDraft) -> None:
        name = f"quantity-{sum(n.startswith('quantity-') for n in self.nodes) + 1}"
        node = Node(name, NodeModel(("ic:数量型",), (property,)))
        self.nodes[name] = node
        node.columns[column.column] = None
        self._comment(node.po, column)
        node.po.append(["ic:単位表記", column.unit])
        node.po.append(self._entry("ic:数値", Shape.DECIMAL, column))

    def _hazard(self, column: ColumnDraft) -> None:
        cell = reference(column.column)
        self._comment(self.root, column)
        condition = call_of("flag", [cell])
        if column.shape is Shape.LEVEL:
            column_property = property_of(column.title)
            self.root.append({"p": column_property, "o": level_of(cell)})
            level = argument("left", call_of("flag3", [cell]))
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

    # Nodes -----------------------------------------------------------------------------------

    def _node(self, name: str) -> Node:
        if name not in self.nodes:
            self.nodes[name] = Node(name, NODES[name])
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

    def _link(self, links: list[str], node: Node) -> Any:
        condition = self._condition(node)
        entry: dict[str, Any] = {"p": one_or_list(links), "o": {"mapping": node.name}}
        if condition is None:
            return [links[0], {"mapping": node.name}] if len(links) == 1 else entry
        return entry | {"condition": condition}

    def _node_map(self, node: Node) -> dict[str, Any]:
        body: dict[str, Any] = {"s": self._subject(node.name)}
        conditions = [c for c in (self._is_a_thing(), self._condition(node)) if c is not None]
        if conditions:
            both = {
                "function": "jfn:and",
                "parameters": [argument("value", c) for c in conditions],
            }
            body["condition"] = conditions[0] if len(conditions) == 1 else both
        body["po"] = [["a", one_or_list(list(node.model.classes))], *node.po]
        return body

    def _condition(self, node: Node) -> dict[str, Any] | None:
        if not node.model.optional or not node.columns:
            return None
        cells = [reference(name) for name in node.columns]
        value = cells[0] if len(cells) == 1 else call_of("coalesce", cells)
        return {"function": "jfn:notNull", "parameters": [argument("value", value)]}

    def _text(self, means: str) -> str:
        return reference(self.by_meaning[means].column)
