"""What a user of the data has to write: the credit line, and the notice of editing, that the
licence asks for.

CC BY 4.0 section 3(a); 公共データ利用規約（第1.0版） 1(1) and 1(2), which has the same two lines
as the 政府標準利用規約; ODbL 1.0 section 4.3.
"""

from __future__ import annotations

from typing import Final

from app.errors import Text
from app.publish.about import DatasetAbout

_WAIVED: Final = ("publicdomain", "/zero/", "cc0", "opendatacommons.org/licenses/pddl")
"""What licences that ask for nothing have in their address."""


def needs_credit(licence: str | None) -> bool:
    """Whether a licence asks for the source to be named."""
    return not any(sign in (licence or "").lower() for sign in _WAIVED)


def credit_line(about: DatasetAbout, address: str, licence_name: str | None) -> Text:
    """The line that names the source: what the data set states itself, else who publishes what,
    where, on which terms."""
    if about.credit:
        return Text(about.credit, about.credit)
    name = licence_name or about.licence or ""
    publisher = next(iter(about.of_role("publisher")), None)
    who = publisher.name if publisher is not None else Text("", "")
    return Text(
        ja=f"出典：{who.ja}「{about.title.ja}」（{name}）{address}",
        en=f"Source: {who.en}, “{about.title.en}” ({name}), {address}"
        if who.en
        else f"Source: “{about.title.en}” ({name}), {address}",
    )


def editing_notice(about: DatasetAbout, address: str, licence_name: str | None) -> Text | None:
    """The line for those who edit the data before they publish it; None where the licence asks
    for none."""
    if not needs_credit(about.licence):
        return None
    line = credit_line(about, address, licence_name)
    return Text(
        ja=f"{line.ja} を加工して作成",
        en=f"{line.en}; edited from the original",
    )
