"""The examples of the documentation are run."""

from __future__ import annotations

import pytest

from app.mapping.functions.document import theme_functions
from app.mapping.functions.registry import Example, Function

FUNCTIONS = [function for _, functions in theme_functions() for function in functions]
CASES = [
    pytest.param(function, example, id=f"{function.name}-{number}")
    for function in FUNCTIONS
    for number, example in enumerate(function.examples)
]


@pytest.mark.parametrize(("function", "example"), CASES)
def test_an_example_gives_the_result_that_the_documentation_shows(
    function: Function, example: Example
) -> None:
    assert function.call(**example.arguments) == example.result


@pytest.mark.parametrize("function", [pytest.param(f, id=f.iri) for f in FUNCTIONS])
def test_a_function_is_documented_in_both_languages_with_an_example(function: Function) -> None:
    assert function.examples
    assert function.summary.ja
    assert function.summary.en
    assert function.call.__doc__
    known = {parameter.name for parameter in function.parameters}
    for example in function.examples:
        assert set(example.arguments) <= known


@pytest.mark.parametrize("function", [pytest.param(f, id=f.iri) for f in FUNCTIONS])
def test_the_examples_together_use_every_required_parameter(function: Function) -> None:
    required = {parameter.name for parameter in function.parameters if parameter.required}
    for example in function.examples:
        assert required <= set(example.arguments)


@pytest.mark.parametrize("function", [pytest.param(f, id=f.iri) for f in FUNCTIONS])
def test_every_iri_of_a_parameter_means_that_parameter(function: Function) -> None:
    for parameter in function.parameters:
        for iri in (parameter.name, *parameter.iris):
            assert function.parameter(iri) is parameter
