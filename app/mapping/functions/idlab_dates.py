"""The functions of IDLab on dates.

Source: functions_idlab.ttl, https://github.com/FnOio/idlab-functions-java .
"""

from __future__ import annotations

from typing import Final

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.cells import plain, wrong_parameter
from app.mapping.functions.date_patterns import parse
from app.mapping.functions.dates import A_MOMENT
from app.mapping.functions.eras import A_DATE
from app.mapping.functions.idlab import OLD_IDLAB_FN, STRING_OUT, idlab
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import IDLAB_FN

_DATE: Final = {
    "value": (*idlab("strDate", "_strDate"), *g.VALUE),
    "pattern": idlab("pattern", "_pattern"),
    "language": idlab("lang", "_lang"),
}


@function(
    IDLAB_FN + "normalizeDate",
    summary=Text(
        ja="指定した形式の日付を xsd:date にします。月の名前は英語です。",
        en="A date in the given format as xsd:date; names of months are English.",
    ),
    examples=(Example({"value": "01 April 2022", "pattern": "dd LLLL uuuu"}, "2022-04-01"),),
    aliases=(*idlab("normalizeDateWithLang"), OLD_IDLAB_FN + "normalizeDate"),
    parameters=_DATE,
    outputs=STRING_OUT,
)
def normalize_date(value: str, pattern: str, language: str = "en") -> Result:
    """The letters are those of UTS 35."""
    _check_language(language, pattern)
    return parse(value, plain(value), pattern, A_DATE).date().isoformat()


@function(
    IDLAB_FN + "normalizeDateTime",
    summary=Text(
        ja="指定した形式の日時を xsd:dateTime にします。月の名前は英語です。",
        en="A date with a time in the given format as xsd:dateTime; names of months are English.",
    ),
    examples=(
        Example(
            {"value": "01 April 2022 11:44", "pattern": "dd LLLL uuuu HH:mm"},
            "2022-04-01T11:44:00",
        ),
    ),
    aliases=(*idlab("normalizeDateTimeWithLang"), OLD_IDLAB_FN + "normalizeDateTime"),
    parameters=_DATE,
    outputs=STRING_OUT,
)
def normalize_date_time(value: str, pattern: str, language: str = "en") -> Result:
    """The letters are those of UTS 35."""
    _check_language(language, pattern)
    return parse(value, plain(value), pattern, A_MOMENT).isoformat()


def _check_language(language: str, pattern: str) -> None:
    if "MMM" in pattern.replace("L", "M") and not language.lower().startswith("en"):
        raise wrong_parameter(
            "language",
            language,
            Text(
                ja="月の名前は英語 (en) だけ読めます。", en="Names of months are read in English."
            ),
        )
