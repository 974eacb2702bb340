"""Short and usual names of terms, properties and licences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text
from app.rdf.namespaces import DCTERMS, FOAF, GEO, OWL, PREFIXES, RDF, RDFS, SCHEMA

PROPERTIES: Final[Mapping[str, Text]] = {
    RDF + "type": Text("種類", "Type"),
    RDFS + "label": Text("名称", "Label"),
    RDFS + "seeAlso": Text("参照", "See also"),
    RDFS + "comment": Text("説明", "Comment"),
    OWL + "sameAs": Text("同じもの", "Same as"),
    DCTERMS + "identifier": Text("識別子", "Identifier"),
    DCTERMS + "isPartOf": Text("属するもの", "Part of"),
    DCTERMS + "hasPart": Text("含むもの", "Has part"),
    DCTERMS + "title": Text("題名", "Title"),
    DCTERMS + "modified": Text("更新日", "Modified"),
    DCTERMS + "issued": Text("公開日", "Issued"),
    DCTERMS + "source": Text("出典", "Source"),
    GEO + "lat": Text("緯度", "Latitude"),
    GEO + "long": Text("経度", "Longitude"),
    SCHEMA + "telephone": Text("電話番号", "Telephone"),
    SCHEMA + "email": Text("メールアドレス", "Email"),
    SCHEMA + "address": Text("住所", "Address"),
    SCHEMA + "image": Text("画像", "Picture"),
    SCHEMA + "url": Text("ウェブページ", "Web page"),
    SCHEMA + "name": Text("名前", "Name"),
    FOAF + "page": Text("ウェブページ", "Web page"),
    FOAF + "homepage": Text("ホームページ", "Home page"),
    FOAF + "phone": Text("電話番号", "Telephone"),
    FOAF + "mbox": Text("メールアドレス", "Email"),
}
"""Names of well-known properties that the vocabulary table may lack."""


_NAMESPACES: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def short_name(iri: str) -> str:
    """`prefix:local` for a known namespace, else the IRI."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _NAMESPACES.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix is not None else iri


_LICENCES: Final[Mapping[str, str]] = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/deed.ja": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/licenses/by/2.1/jp/": "CC BY 2.1 JP",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL 1.0",
    "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0": (
        "公共データ利用規約（第1.0版）PDL 1.0"
    ),
}


def licence_name(iri: str | None) -> str | None:
    """The usual name of a licence."""
    return _LICENCES.get(iri or "")


_FREQUENCIES: Final[Mapping[str, Text]] = {
    "continuous": Text("随時", "Continuous"),
    "daily": Text("毎日", "Daily"),
    "weekly": Text("毎週", "Weekly"),
    "biweekly": Text("隔週", "Every two weeks"),
    "semimonthly": Text("月2回", "Twice a month"),
    "monthly": Text("毎月", "Monthly"),
    "bimonthly": Text("隔月", "Every two months"),
    "quarterly": Text("四半期ごと", "Quarterly"),
    "semiannual": Text("半年ごと", "Twice a year"),
    "annual": Text("毎年", "Yearly"),
    "biennial": Text("2年ごと", "Every two years"),
    "triennial": Text("3年ごと", "Every three years"),
    "quinquennial": Text("5年ごと", "Every five years"),
    "annual_2": Text("半年ごと", "Twice a year"),
    "monthly_2": Text("月2回", "Twice a month"),
    "hourly": Text("1時間ごと", "Hourly"),
    "cont": Text("随時", "Continuously"),
    "irreg": Text("不定期", "Irregular"),
    "irregular": Text("不定期", "Irregular"),
}
"""By the last part of the IRI, in lower case: of the EU's authority table, which DCAT-AP asks for
(http://publications.europa.eu/resource/authority/frequency), and of Dublin Core's
(http://purl.org/cld/freq/)."""


def frequency_name(frequency: str) -> Text:
    """How often data is updated, in words; what is no known frequency stays as it is."""
    known = _FREQUENCIES.get(frequency.rstrip("/").rpartition("/")[2].lower())
    return known or Text(frequency, frequency)


def file_size(count: int) -> str:
    """A number of bytes in the unit that people read, with SI prefixes as file managers have."""
    if count < 1000:
        return f"{count} B"
    size = count / 1000
    for unit in ("KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.1f} {unit}" if size < 10 else f"{size:,.0f} {unit}"
