"""CSV on the Web as a mapping language: metadata → annotated tables → plan, and validation.

The way of a table::

    locating     the metadata: the user's, a Link header, /.well-known/csvm, the header itself
    documents    JSON within limits, with places
    metadata     → TableGroup (properties, schemas, dialects, datatype_descriptions, annotations)
    tables       file by its dialect, header matched with the columns
    cells        text → values (datatypes, numbers, times, durations)
    validation   cells, required columns, keys → findings
    compile      → the plan that the one executor runs
    cataloguing  → the description of the data set

Sources: https://www.w3.org/TR/tabular-data-model/ , https://www.w3.org/TR/tabular-metadata/ ,
https://www.w3.org/TR/csv2rdf/ .
"""

from app.mapping.languages.csvw.cataloguing import data_package
from app.mapping.languages.csvw.compile import compile_csvw, table_opener
from app.mapping.languages.csvw.fetching import BesideMetadata, Fetch
from app.mapping.languages.csvw.reading import AnnotatedGroup, read_described, read_table
from app.mapping.languages.csvw.validation import validate

__all__ = [
    "AnnotatedGroup",
    "BesideMetadata",
    "Fetch",
    "compile_csvw",
    "data_package",
    "read_described",
    "read_table",
    "table_opener",
    "validate",
]
