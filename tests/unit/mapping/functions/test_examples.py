"""The examples of the documentation are run."""

from __future__ import annotations

import pytest

import app.mapping.functions  # noqa: F401 - registers all
from app.mapping.functions.registry import Example, Function, all_functions

CASES = [
    pytest.param(function, example, id=f"{function.name}-{number}")
    for function in all_functions()
    for number, example in enumerate(function.examples)
]


@pytest.mark.parametrize(("function", "example"), CASES)
def test_an_example_gives_the_result_that_the_documentation_shows(
    function: Function, example: Example
) -> None:
    assert function.call(**example.arguments) == example.result


@pytest.mark.parametrize("function", [pytest.param(f, id=f.iri) for f in all_functions()])
def test_a_function_is_documented_in_both_languages_with_an_example(function: Function) -> None:
    assert function.examples
    assert function.summary.ja
    assert function.summary.en
    assert function.call.__doc__
    known = {parameter.name for parameter in function.parameters}
    for example in function.examples:
        assert set(example.arguments) <= known
