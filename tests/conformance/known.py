"""Cases that are known not to pass, by IRI, each with its reason. They are strict expected
failures: one that passes breaks the run, so that the list stays true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_IO: Final = "http://w3id.org/rml/io/test/"

SUITE_ERRORS: Final[Mapping[str, str]] = {
    _IO + "RMLSTC0009a": "metadata.csv flags an error, but the case comes with its right output, "
    "which is what is given here (errors of the suite: kg-construct/rml-io #147, #150, #151)",
}
"""The suite contradicts itself or its specification."""

FAILURES: Final[Mapping[str, str]] = {
    _IO + "RMLSTC0006a": "the datatypes in the output are those of a database's columns, which "
    "the case does not state; here the table is a CSV, whose cells are strings",
}
"""What this program does not do."""

KNOWN: Final[Mapping[str, str]] = {**SUITE_ERRORS, **FAILURES}
