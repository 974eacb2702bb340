"""Themes of data sets: the thirteen of DCAT-AP, by which portals sort
(http://publications.europa.eu/resource/authority/data-theme)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

SPACE: Final = "http://publications.europa.eu/resource/authority/data-theme"
THEMES: Final[Mapping[str, Text]] = {
    "AGRI": Text("農林水産・食", "Agriculture, fisheries, forestry and food"),
    "ECON": Text("経済・財政", "Economy and finance"),
    "EDUC": Text("教育・文化・スポーツ", "Education, culture and sport"),
    "ENER": Text("エネルギー", "Energy"),
    "ENVI": Text("環境", "Environment"),
    "GOVE": Text("行政", "Government and public sector"),
    "HEAL": Text("健康・医療", "Health"),
    "INTR": Text("国際", "International issues"),
    "JUST": Text("司法・防災・安全", "Justice, legal system and public safety"),
    "REGI": Text("地域・都市", "Regions and cities"),
    "SOCI": Text("人口・社会", "Population and society"),
    "TECH": Text("科学技術", "Science and technology"),
    "TRAN": Text("交通", "Transport"),
}


def theme_iri(theme: str) -> str:
    """The IRI of a theme by its code; another IRI stays as it is."""
    return f"{SPACE}/{theme}" if theme in THEMES else theme


def theme_name(theme: str) -> Text:
    """What a theme is called; one that is not known by its last part."""
    code = theme.removeprefix(f"{SPACE}/")
    known = THEMES.get(code)
    last = code.rstrip("/").rpartition("/")[2]
    return known or Text(last, last)
