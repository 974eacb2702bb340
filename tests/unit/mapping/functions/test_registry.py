"""The registry: what is found, what is refused, what the suites need."""

from __future__ import annotations

import pytest

from app.errors import MappingReferenceError
from app.mapping.functions import registry
from app.mapping.functions.registry import JFN, RESULT
from app.rdf.namespaces import GREL, IDLAB_FN, XSD


def test_an_unknown_function_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(MappingReferenceError) as caught:
        registry.find(JFN + "eraDates")
    assert "jfn:eraDate" in caught.value.message("ja")


def test_a_function_that_is_refused_says_why_in_both_languages() -> None:
    with pytest.raises(MappingReferenceError) as caught:
        registry.find(IDLAB_FN + "random")
    assert "IRIs must be stable" in caught.value.message("en")
    assert "jfn:uuid5" in caught.value.message("ja")


def test_no_function_that_is_refused_is_registered() -> None:
    known = {iri for f in registry.all_functions() for iri in (f.iri, *f.aliases)}
    assert not known & set(registry.refused())


def test_a_parameter_is_known_by_its_name_its_iri_and_its_predicate() -> None:
    function = registry.find(GREL + "toUpperCase")
    for iri in ("value", JFN + "value", GREL + "valueParam", GREL + "valueParameter"):
        assert function.parameter(iri).name == "value"
    with pytest.raises(MappingReferenceError) as caught:
        function.parameter(GREL + "unknownParam")
    assert "value" in caught.value.message("en")


def test_an_output_gives_the_datatype_of_its_literals() -> None:
    length = registry.find(GREL + "string_length")
    assert length.output(GREL + "output_number").datatype == XSD + "integer"
    assert length.output().datatype == XSD + "integer"
    assert registry.find(JFN + "flag").output(RESULT).datatype == XSD + "boolean"
    assert registry.find(JFN + "trim").output().datatype is None
    with pytest.raises(MappingReferenceError) as caught:
        length.output(GREL + "unknownOut")
    assert "output_number" in caught.value.message("en")


def test_one_of_several_outputs_is_chosen_by_constant_arguments() -> None:
    parse = registry.find("http://example.com/functions/parseURL")
    output = parse.output("http://example.com/functions/domainOutput")
    assert parse.call(value="https://example.com/a", **dict(output.arguments)) == "example.com"


def test_the_former_namespace_of_idlab_is_understood() -> None:
    old = registry.find("http://example.com/idlab/function/trueCondition")
    assert old is registry.find(IDLAB_FN + "trueCondition")
    assert old.parameter("http://example.com/idlab/function/strBoolean").name == "condition"


def test_an_iri_cannot_be_registered_twice() -> None:
    decorate = registry.function("trim", summary=registry.find(JFN + "trim").summary, examples=())
    with pytest.raises(ValueError, match="twice"):
        decorate(lambda value: value)
