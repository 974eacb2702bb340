"""The functions that mappings may call. Importing this package registers all of them."""

import importlib
from typing import Final

THEMES: Final = (
    "dates",
    "eras",
    "times",
    "days",
    "flags",
    "numbers",
    "coordinates",
    "datum",
    "regions",
    "contacts",
    "identifiers",
    "widths",
    "strings",
    "patterns",
    "conditions",
    "grel_strings",
    "grel_escapes",
    "grel_arrays",
    "grel_values",
    "idlab",
    "idlab_dates",
    "suite_functions",
    "refusals",
)
"""The modules, in the order of the documentation; each registers its functions when imported."""

for _theme in THEMES:
    importlib.import_module(f"{__name__}.{_theme}")
