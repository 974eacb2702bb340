"""Words of the catalog and of the pages of data sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "nav.catalog": Text("データ", "Data"),
}
