"""What the description of a data set says of it: its metadata, as the manifest keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.errors import Text

Role = Literal["publisher", "creator", "contact", "contributor"]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation or person that had a part in the data."""

    name: Text
    role: Role
    homepage: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetAbout:
    """The metadata of a data set. Dates are as written (`2021-11-30`, `2020-10`, `2020`);
    `temporal` is one of them or two with a slash between."""

    title: Text
    description: Text | None = None
    licence: str | None = None
    licence_title: str | None = None
    publisher: str | None = None
    bodies: tuple[Body, ...] = ()
    homepage: str | None = None
    source: str | None = None
    source_title: str | None = None
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    frequency: str | None = None
    issued: str | None = None
    version: str | None = None
    spatial: str | None = None
    temporal: str | None = None
    credit: str | None = None
    sample: bool = False

    def of_role(self, role: Role) -> tuple[Body, ...]:
        """The bodies with a role."""
        return tuple(body for body in self.bodies if body.role == role)


def read_about(about: Mapping[str, Any], dataset: str) -> DatasetAbout:
    """The metadata in a description as the manifest keeps it (the properties of a Frictionless
    Data Package and ours); what is missing there is missing here."""
    bodies = tuple(_body(told) for told in about.get("contributors") or ())
    named = about.get("publisher")
    if named and not any(body.name.ja == named for body in bodies):
        bodies = (*bodies, Body(Text(named, named), "publisher"))
    publisher = next((body.name.ja for body in bodies if body.role == "publisher"), None)
    licence: dict[str, Any] = next(iter(about.get("licenses") or ()), {})
    source: dict[str, Any] = next(iter(about.get("sources") or ()), {})
    return DatasetAbout(
        title=_text(about, "title") or Text(dataset, dataset),
        description=_text(about, "description"),
        licence=licence.get("path") or None,
        licence_title=licence.get("title") or None,
        publisher=named or publisher,
        bodies=bodies,
        homepage=about.get("homepage") or None,
        source=source.get("path") or about.get("homepage") or None,
        source_title=source.get("title") or None,
        keywords=tuple(about.get("keywords") or ()),
        themes=tuple(about.get("theme") or ()),
        frequency=about.get("accrualPeriodicity") or about.get("accrual_periodicity") or None,
        issued=about.get("issued") or about.get("created") or None,
        version=about.get("version") or None,
        spatial=about.get("spatial") or None,
        temporal=about.get("temporal") or None,
        credit=about.get("credit") or None,
        sample=bool(about.get("sample")),
    )


def _text(told: Mapping[str, Any], name: str) -> Text | None:
    ja, en = told.get(name) or "", told.get(f"{name}_en") or ""
    return Text(ja or en, en or ja) if ja or en else None


# Roles of the Data Package specification, and what DCAT calls them.
_ROLES: Mapping[str, Role] = {
    "publisher": "publisher",
    "author": "creator",
    "creator": "creator",
    "contact": "contact",
    "maintainer": "contact",
}


def _body(told: Mapping[str, Any]) -> Body:
    return Body(
        name=_text(told, "title") or Text("?", "?"),
        role=_ROLES.get(told.get("role", "publisher"), "contributor"),
        homepage=told.get("path") or None,
        email=told.get("email") or None,
    )
