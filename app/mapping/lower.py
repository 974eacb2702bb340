"""Term maps and expressions of the model → term and value nodes of the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.errors import MappingError, Place, Text
from app.findings import Findings
from app.mapping import model as m
from app.mapping import plan as p
from app.mapping.functions import registry
from app.mapping.iri_safety import constant_start, is_safe
from app.mapping.languages.notes import RELATIVE
from app.mapping.model import TermType
from app.mapping.positions import IRI_TYPES, Position, check_allowed
from app.rdf import terms
from app.rdf.namespaces import XSD

_ENCODE: Final = {
    TermType.IRI: p.Encode.IRI,
    TermType.URI: p.Encode.URI,
    TermType.UNSAFE_IRI: p.Encode.NONE,
    TermType.UNSAFE_URI: p.Encode.NONE,
}


class Lowering:
    """Turns nodes of the model into nodes of the plan, with one base IRI, which the mapping
    states or which is `assumed`. `scope` names
    the triples map. `referenced` gives the subjects of another triples map."""

    def __init__(
        self,
        base: str | None,
        referenced: Callable[[m.ReferencingObject], list[p.Term]],
        *,
        scope: str = "",
        assumed: bool = False,
        findings: Findings | None = None,
    ) -> None:
        self.base = base
        self.findings = Findings() if findings is None else findings
        self.scope = scope
        self.reified: list[tuple[p.BlankTerm, p.TripleTerm]] = []
        self.assumed = assumed
        self.referenced = referenced

    def term(self, term_map: m.TermMap, position: Position) -> p.Term:
        """Raises MappingError when the position does not allow this kind of term."""
        expression = term_map.expression
        place = term_map.place or getattr(expression, "place", None)
        if isinstance(expression, m.Constant):
            return self._constant(expression, term_map, position, place)
        if isinstance(expression, m.Quoted):
            return self._quoted(expression, position, place)
        if isinstance(expression, m.Gathered):
            return self._gathered(expression, place)
        term_type = term_map.term_type or self._default_type(term_map, position)
        check_allowed(term_type, position, place)
        if term_type is TermType.LITERAL:
            return self._literal(term_map, place)
        if term_type is TermType.BLANK_NODE:
            if expression == m.Template(()):
                return p.BlankTerm(None, self._scope(place), place)
            return p.BlankTerm(self.value(expression), place=place)
        return self._iri(expression, term_type, place)

    def _quoted(self, quoted: m.Quoted, position: Position, place: Place | None) -> p.Term:
        """A triple term is an object only (RDF 1.2 Concepts, section 3.1). Elsewhere a blank
        node stands for it, of which `reified` tells the triple."""
        triple = p.TripleTerm(
            self.term(quoted.subject, Position.SUBJECT),
            self.term(quoted.predicate, Position.PREDICATE),
            self.term(quoted.object, Position.OBJECT),
            place,
        )
        if position is Position.OBJECT:
            return triple
        node = p.BlankTerm(p.LexicalForm(triple, place), place=place)
        self.reified.append((node, triple))
        return node

    def _gathered(self, gathered: m.Gathered, place: Place | None) -> p.GatherTerm:
        items = []
        for item in gathered.items:
            if isinstance(item, m.ReferencingObject):
                items.extend(self.referenced(item))
            else:
                items.append(self.term(item, Position.OBJECT))
        node = None if gathered.node is None else self.term(gathered.node, Position.SUBJECT)
        return p.GatherTerm(
            gathered.kind,
            tuple(items),
            node,
            gathered.cartesian,
            gathered.empty_allowed,
            self._scope(place),
            place,
        )

    def _scope(self, place: Place | None) -> str:
        """Tells apart nodes that are new for each row: those of one term map of one triples map
        are the same wherever they are referred to."""
        where = "" if place is None else f":{place.line}:{place.column}"
        return f"{self.scope}{where}"

    def value(self, expression: m.Expression, encode: p.Encode = p.Encode.NONE) -> p.Value:
        """The string value of an expression; references inside are encoded as asked."""
        match expression:
            case m.Reference(name, place):
                column = p.Column(name, place)
                return column if encode is p.Encode.NONE else p.Encoded(column, encode, place)
            case m.Constant(value=value, place=place):
                return p.Text(value, place)
            case m.Template(parts, place):
                done = tuple(
                    p.Text(part, place) if isinstance(part, str) else self.value(part, encode)
                    for part in parts
                )
                return done[0] if len(done) == 1 else p.Concat(done, place)
            case m.Call():
                applied = self._call(expression)
                if encode is p.Encode.NONE:
                    return applied
                return p.Encoded(applied, encode, expression.place)
            case _:
                raise MappingError(
                    Text(
                        ja="ここには値が必要です。三つ組やコレクションは使えません。",
                        en="a value is needed here, not a triple or a collection.",
                    ),
                    place=expression.place,
                )

    def _call(self, call: m.Call) -> p.Value:
        function = registry.find(call.function, call.place)
        arguments: dict[str, list[p.Value]] = {}
        for argument in call.arguments:
            parameter = function.parameter(argument.parameter, argument.place)
            arguments.setdefault(parameter.name, []).append(self._argument(argument.value))
        missing = [q.name for q in function.parameters if q.required and q.name not in arguments]
        if missing:
            raise MappingError(
                Text(
                    ja=f"関数 {function.name} の引数 {', '.join(missing)} がありません。",
                    en=f"function {function.name} lacks {', '.join(missing)}.",
                ),
                place=call.place,
            )
        many = {q.name for q in function.parameters if q.many}
        repeated = [name for name, v in arguments.items() if len(v) > 1 and name not in many]
        if repeated:
            raise MappingError(
                Text(
                    ja=f"関数 {function.name} の引数 {repeated[0]} が二度あります。",
                    en=f"function {function.name} is given {repeated[0]} twice.",
                ),
                place=call.place,
            )
        for name, constant in function.output(call.returns, call.place).arguments:
            arguments[name] = [p.Text(constant, call.place)]
        return p.Apply(
            function.iri,
            tuple((name, value) for name, values in arguments.items() for value in values),
            call.place,
        )

    def _argument(self, term_map: m.TermMap) -> p.Value:
        # An argument that is declared an IRI is resolved as one before the function sees it.
        if term_map.term_type in IRI_TYPES and not isinstance(term_map.expression, m.Constant):
            assert term_map.term_type is not None
            term = self._iri(term_map.expression, term_map.term_type, term_map.place)
            return p.LexicalForm(term, term_map.place)
        return self.value(term_map.expression)

    def _default_type(self, term_map: m.TermMap, position: Position) -> TermType:
        if position is Position.LANGUAGE:
            return TermType.LITERAL
        if position is Position.OBJECT and (
            term_map.language is not None
            or term_map.datatype is not None
            or isinstance(term_map.expression, (m.Reference, m.Call))
        ):
            return TermType.LITERAL
        return TermType.IRI

    def _constant(
        self, constant: m.Constant, term_map: m.TermMap, position: Position, place: Place | None
    ) -> p.Term:
        term_type = term_map.term_type or constant.term_type
        check_allowed(term_type, position, place, constant.value)
        if term_type is TermType.BLANK_NODE:
            return p.ConstantTerm(f"_:{terms.blank_label(constant.value)}", place)
        if term_type is TermType.LITERAL:
            if term_map.datatype is not None or term_map.language is not None:
                return self._literal(term_map, place)
            try:
                token = terms.literal(
                    constant.value, datatype=constant.datatype, language=constant.language
                )
            except ValueError as error:
                raise _bad_constant(constant.value, error, place) from error
            return p.ConstantTerm(token, place)
        value = constant.value
        if not terms.is_absolute(value) and self.base is not None:
            value = self._resolved(value, place)
        try:
            return p.ConstantTerm(terms.iri(value), place)
        except ValueError as error:
            raise _bad_constant(value, error, place) from error

    def _iri(self, expression: m.Expression, term_type: TermType, place: Place | None) -> p.IriTerm:
        template = isinstance(expression, m.Template)
        value = self.value(expression, _ENCODE[term_type] if template else p.Encode.NONE)
        ascii_only = term_type in {TermType.URI, TermType.UNSAFE_URI}
        base = self.base
        if template:
            start = constant_start(value)
            if terms.is_absolute(start):
                base = None
            elif start and base is not None:
                self._resolved(start, place)
                value, base = p.Concat((p.Text(base), value), place), None
        assumed = self.assumed and base is not None
        safe = is_safe(value) and (not ascii_only or _is_ascii(value))
        return p.IriTerm(value, base, safe, ascii_only, place, assumed)

    def _resolved(self, relative: str, place: Place | None) -> str:
        """A relative IRI of the mapping behind the base. That it is one is told where the mapping
        states no base: then it is more likely a prefix that was forgotten."""
        assert self.base is not None
        if self.assumed and place is not None:
            self.findings.add(RELATIVE, place, {"value": relative, "base": self.base})
        return self.base + relative

    def _literal(self, term_map: m.TermMap, place: Place | None) -> p.LiteralTerm:
        return p.LiteralTerm(
            self.value(term_map.expression),
            self._annotation(term_map.datatype, Position.DATATYPE) or natural_type(term_map),
            self._annotation(term_map.language, Position.LANGUAGE),
            place,
        )

    def _annotation(self, term_map: m.TermMap | None, position: Position) -> Any:
        """A datatype or a language: a constant string, or a node."""
        if term_map is None:
            return None
        if position is Position.DATATYPE:
            term = self.term(term_map, position)
            return term.term[1:-1] if isinstance(term, p.ConstantTerm) else term
        if isinstance(term_map.expression, m.Constant):
            tag = term_map.expression.value
            if not terms.LANGUAGE_TAG.fullmatch(tag):
                raise MappingError(
                    Text(
                        ja=f"「{tag}」は言語タグ (BCP 47) ではありません。",
                        en=f"“{tag}” is not a language tag (BCP 47).",
                    ),
                    place=term_map.place or term_map.expression.place,
                    hint=Text(ja="例: ja, en, ja-Hrkt", en="For example: ja, en, ja-Hrkt."),
                )
            return tag
        return self.value(term_map.expression)


def _is_ascii(value: p.Value) -> bool:
    """Whether the constant text of a template could stand in a URI."""
    if isinstance(value, p.Concat):
        return all(_is_ascii(part) for part in value.parts)
    return not isinstance(value, p.Text) or value.value.isascii()


def natural_type(term_map: m.TermMap) -> str | None:
    """The datatype that a function says its results have, when the mapping says nothing. What a
    template makes is text, also of one number (RML-Core, natural mapping)."""
    call = term_map.expression
    if term_map.language is None and isinstance(call, m.Template) and len(call.parts) == 1:
        return f"{XSD}string"
    if term_map.language is not None or not isinstance(call, m.Call):
        return None
    return registry.find(call.function, call.place).output(call.returns, call.place).datatype


def _bad_constant(value: str, error: ValueError, place: Place | None) -> MappingError:
    return MappingError(
        Text(
            ja=f"「{value}」は正しい IRI またはリテラルではありません: {error}",
            en=f"“{value}” is not a valid IRI or literal: {error}",
        ),
        place=place,
        hint=Text(
            ja="列を入れるには、YARRRML では $(列名) と書いてください。",
            en="To put in a column, write $(column) in YARRRML.",
        )
        if "{" in value
        else None,
    )
