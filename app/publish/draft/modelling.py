"""What columns mean, as nodes and properties of the IMI core vocabulary.

A meaning fills slots: a property of the thing itself or of one of its nodes (its name, address,
place on the map, contact, hours …), with values of one shape. Meanings that need several columns
at once (points, opening hours, regions) are put together in `composing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.quality.role import Role


class Shape(StrEnum):
    """How a cell becomes a term."""

    TEXT = "text"
    JA = "ja"
    KANA = "kana"
    EN = "en"
    INTEGER = "integer"
    DECIMAL = "decimal"
    QUANTITY = "quantity"
    """A number with its unit: a node of its own (数量型)."""
    FLAG = "flag"
    LEVEL = "level"
    """○, △ and ×."""
    DATE = "date"
    DATE_TIME = "date-time"
    TIME = "time"
    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    POSTAL = "postal"
    REGION = "region"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Slot:
    """A property of a node. `node` "" is the thing itself."""

    node: str
    property: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class NodeModel:
    """A node that belongs to one thing: its class, what links to it, and, where its columns may
    be empty, whether it exists only in rows where one of them has a value."""

    classes: tuple[str, ...]
    links: tuple[str, ...]
    optional: bool = True
    parent: str = ""


NODES: Final[Mapping[str, NodeModel]] = {
    "name": NodeModel(("ic:名称型",), ("ic:名称",)),
    "place": NodeModel(("ic:地物型",), ("ic:設置地点",), optional=False),
    "address": NodeModel(("ic:住所型",), ("ic:住所",)),
    "point": NodeModel(("ic:座標型", "gsp:Geometry"), ("ic:地理座標", "gsp:hasGeometry")),
    "elevation": NodeModel(("ic:長さ型",), ("ic:測地高度",), parent="point"),
    "contact": NodeModel(("ic:連絡先型",), ("ic:連絡先",)),
    "owner": NodeModel(("ic:組織型",), ("ic:管理者",)),
    "hours": NodeModel(("ic:定期スケジュール型",), ("ic:利用可能時間",)),
    "capacity": NodeModel(("ic:数量型",), ("ic:収容人数",)),
    "price": NodeModel(("ic:価格型",), ("ic:料金",)),
    "access": NodeModel(("ic:アクセス型",), ("ic:アクセス",)),
    "parking": NodeModel(("ic:駐車場型",), ("ic:駐車場",)),
    "installed": NodeModel(("ic:日付型",), ("ic:設置日",)),
}

T, J = Shape.TEXT, Shape.JA
MEANINGS: Final[Mapping[str, tuple[Slot, ...]]] = {
    "id": (Slot("", "dcterms:identifier", T),),
    "row-id": (Slot("", "dcterms:identifier", T),),
    "name": (Slot("", "rdfs:label", J), Slot("name", "ic:表記", T)),
    "name-kana": (Slot("", "rdfs:label", Shape.KANA), Slot("name", "ic:カナ表記", T)),
    "name-en": (Slot("", "rdfs:label", Shape.EN), Slot("name", "ic:ローマ字表記", T)),
    "name-alias": (Slot("", "skos:altLabel", J),),
    "address": (Slot("address", "ic:表記", T),),
    "prefecture": (Slot("address", "ic:都道府県", T),),
    "municipality": (Slot("address", "ic:市区町村", T),),
    "town": (Slot("address", "ic:町名", T),),
    "street": (Slot("address", "ic:番地", T),),
    "building": (Slot("address", "ic:方書", T),),
    "postal-code": (Slot("address", "ic:郵便番号", Shape.POSTAL),),
    "region-code": (),
    "place-region-code": (),
    "latitude": (),
    "longitude": (),
    "coordinates": (),
    "elevation": (Slot("elevation", "ic:数値", Shape.DECIMAL),),
    "phone": (Slot("contact", "ic:電話番号", Shape.PHONE),),
    "extension": (Slot("contact", "ic:内線番号", T),),
    "fax": (Slot("contact", "ic:FAX番号", Shape.PHONE),),
    "mail": (Slot("contact", "ic:Eメールアドレス", T),),
    "form-url": (Slot("contact", "ic:Webサイト", Shape.WEB),),
    "contact-note": (Slot("contact", "ic:備考", T),),
    "contact-name": (Slot("contact", "rdfs:label", J),),
    "organisation": (Slot("owner", "rdfs:label", J), Slot("owner", "ic:表記", T)),
    "corporate-number": (Slot("owner", "dcterms:identifier", T),),
    "days": (Slot("hours", "ic:開催期日", T), Slot("", "schema:dayOfWeek", Shape.DAYS)),
    "opens": (Slot("hours", "ic:開始時間", Shape.TIME),),
    "closes": (Slot("hours", "ic:終了時間", Shape.TIME),),
    "hours-note": (Slot("hours", "ic:説明", T),),
    "description": (Slot("", "ic:説明", J),),
    "description-en": (Slot("", "ic:説明", Shape.EN),),
    "summary": (Slot("", "ic:概要", J),),
    "summary-en": (Slot("", "ic:概要", Shape.EN),),
    "position": (Slot("", "ic:設置位置", T),),
    "url": (Slot("", "foaf:page", Shape.WEB),),
    "image": (Slot("", "ic:画像", Shape.WEB),),
    "note": (Slot("", "ic:備考", T),),
    "kind": (Slot("", "ic:種別", T),),
    "capacity": (Slot("capacity", "ic:数値", Shape.DECIMAL),),
    "price": (Slot("price", "ic:表記", T),),
    "price-detail": (Slot("price", "ic:説明", T),),
    "access": (Slot("access", "ic:説明", T),),
    "parking": (Slot("parking", "ic:説明", T),),
    "barrier-free": (Slot("", "ic:バリアフリー", T),),
    "installed": (
        Slot("installed", "ic:表記", T),
        Slot("installed", "ic:標準型日付", Shape.DATE),
    ),
    "designated": (Slot("", "dcterms:issued", Shape.DATE),),
    "start-date": (Slot("", "schema:startDate", Shape.DATE),),
    "end-date": (Slot("", "schema:endDate", Shape.DATE),),
    "survey-date": (Slot("", "dcterms:date", Shape.DATE),),
    "area-name": (Slot("", "ic:町名", T),),
    "population": (Slot("", "def:population", Shape.INTEGER),),
    "hazard": (),
}
"""The meanings, and what they say. Those without a slot need more than one column, or a look at
the values, and are made in `composing`; a heading with a meaning that is not here (町字ID, 画像の
ライセンス) gets a property of its own name."""

UNITS: Final[Mapping[str, str]] = {"elevation": "m", "capacity": "人"}
"""Of quantities whose heading names none."""

AS_TEXT: Final[Mapping[str, tuple[Slot, ...]]] = {
    "capacity": (Slot("capacity", "ic:表記", T),),
    "elevation": (Slot("elevation", "ic:表記", T),),
    "phone": (Slot("contact", "ic:電話番号", T),),
    "fax": (Slot("contact", "ic:FAX番号", T),),
    "opens": (Slot("hours", "ic:説明", T),),
    "closes": (Slot("hours", "ic:説明", T),),
    "days": (Slot("hours", "ic:開催期日", T),),
    "installed": (Slot("installed", "ic:表記", T),),
    "postal-code": (Slot("address", "ic:郵便番号", T),),
    "url": (Slot("", "rdfs:comment", T),),
}
"""What stays of a meaning when too many of its cells cannot be read as its shape."""

BY_ROLE: Final[Mapping[Role, str]] = {
    Role.KEY: "id",
    Role.NAME: "name",
    Role.KANA: "name-kana",
    Role.LATIN_NAME: "name-en",
    Role.ADDRESS: "address",
    Role.PREFECTURE: "prefecture",
    Role.MUNICIPALITY: "municipality",
    Role.REGION_CODE: "region-code",
    Role.POSTAL_CODE: "postal-code",
    Role.LATITUDE: "latitude",
    Role.LONGITUDE: "longitude",
    Role.COORDINATES: "coordinates",
    Role.PHONE: "phone",
    Role.MAIL: "mail",
    Role.URL: "url",
    Role.CORPORATE_NUMBER: "corporate-number",
    Role.NOTE: "note",
}
"""The meaning of the first column with a role, where words say nothing."""

SHAPES: Final[Mapping[Role, Shape]] = {
    Role.FLAG: Shape.FLAG,
    Role.DATE: Shape.DATE,
    Role.BIRTHDAY: Shape.DATE,
    Role.DATE_TIME: Shape.DATE_TIME,
    Role.TIME: Shape.TIME,
    Role.URL: Shape.WEB,
    Role.MAIL: Shape.MAIL,
    Role.PHONE: Shape.PHONE,
    Role.REGION_CODE: Shape.REGION,
    Role.POSTAL_CODE: Shape.POSTAL,
    Role.WEEKDAYS: Shape.DAYS,
}
"""The shape of a property made from a column, by its role; amounts are looked at closer."""

FUNCTIONS: Final[Mapping[Shape, tuple[str, str, str]]] = {
    Shape.INTEGER: ("integer", "xsd:integer", ""),
    Shape.DECIMAL: ("decimal", "xsd:decimal", ""),
    Shape.FLAG: ("flag", "xsd:boolean", ""),
    Shape.DATE: ("eraDate", "xsd:date", ""),
    Shape.DATE_TIME: ("dateTime", "xsd:dateTime", ""),
    Shape.TIME: ("time", "xsd:time", ""),
    Shape.WEB: ("webIri", "", "iri"),
    Shape.MAIL: ("mailIri", "", "iri"),
    Shape.PHONE: ("phone", "", ""),
    Shape.POSTAL: ("postalCode", "", ""),
    Shape.DAYS: ("days", "", "iri"),
}
"""The function that reads a shape, the datatype of what it gives, and the type of the term."""
