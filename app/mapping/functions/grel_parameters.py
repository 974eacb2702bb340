"""The names that the FnO description of GREL gives to parameters and outputs.

RML-FNML names a parameter by its IRI or by its predicate, so that each has two.
Source: functions_grel.ttl of the RML tools, https://fno.io/ .
"""

from __future__ import annotations

from typing import Final

from app.mapping.functions.registry import RESULT, Output
from app.rdf.namespaces import GREL, XSD


def grel(*names: str) -> tuple[str, ...]:
    """IRIs in the namespace of GREL."""
    return tuple(GREL + name for name in names)


VALUE: Final = grel("valueParam", "valueParameter")
VALUE_2: Final = grel("valueParam2", "valueParameter2")
FIND: Final = grel("param_find", "p_string_find")
REPLACEMENT: Final = grel("param_replace", "p_string_replace")
SUB: Final = grel("param_string_sub", "string_sub")
SEPARATOR: Final = grel("param_string_sep", "p_string_sep")
REGEX: Final = grel("param_regex", "p_string_regex")
PATTERN: Final = grel("param_string_pattern", "p_string_pattern")
MODE: Final = grel("modeParam", "modeParameter")
FROM: Final = grel("p_int_i_from", "param_int_i_from")
TO: Final = grel("p_int_i_opt_to", "param_int_i_opt_to")
ARRAY: Final = grel("param_a", "p_array_a")
BOOLEAN: Final = grel("param_b", "bool_b")
BOOLEANS: Final = grel("bool_array_b", "param_rep_b", "param_b", "bool_b")
THEN: Final = grel("param_true", "any_true")
OTHERWISE: Final = grel("param_false", "any_false")
ANY: Final = grel("param_any_e", "p_any_e")
OBJECTS: Final = grel("param_any_rep_e", "p_any_rep_e", "param_any_e", "p_any_e")
NUMBER: Final = grel("param_dec_n", "p_dec_n")
NUMBER_2: Final = grel("param_dec_n2", "param_n2")
INTEGER: Final = grel("param_int_i", "p_int_i")
INTEGER_2: Final = grel("param_int_i2", "p_int_i2")

STRING_OUT: Final = (Output((*grel("stringOut", "stringOutput"), RESULT)),)
BOOLEAN_OUT: Final = (Output((*grel("output_bool", "o_bool"), RESULT), XSD + "boolean"),)
INTEGER_OUT: Final = (Output((*grel("output_number", "o_number"), RESULT), XSD + "integer"),)
DECIMAL_OUT: Final = (Output((*grel("output_number", "o_number"), RESULT), XSD + "decimal"),)
ARRAY_OUT: Final = (Output((*grel("output_array", "o_array"), RESULT)),)
ANY_OUT: Final = (Output((*grel("output_any", "o_any"), RESULT)),)
DATE_OUT: Final = (Output((*grel("output_date", "o_date"), RESULT), XSD + "date"),)
