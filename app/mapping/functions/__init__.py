"""The functions that mappings may call. Importing this package registers all of them."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.errors import Text

THEMES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "eras": Text("和暦と西暦の日付", "Dates in the Japanese calendar and western ones"),
        "dates": Text("形式を指定した日付と日時", "Dates by a format, and moments"),
        "times": Text("時刻", "Times of day"),
        "days": Text("曜日と営業時間", "Days of the week and opening hours"),
        "flags": Text("○と×", "Marks that mean yes and no"),
        "numbers": Text("数値", "Numbers"),
        "coordinates": Text("緯度と経度", "Latitudes and longitudes"),
        "datum": Text("旧日本測地系からの変換", "From the Tokyo Datum"),
        "regions": Text("地域", "Regions"),
        "postal": Text("郵便番号から", "From postal codes"),
        "contacts": Text("連絡先", "Telephone, postal code, mail and web"),
        "identifiers": Text("識別子", "Identifiers"),
        "widths": Text("全角・半角とかな", "Width and kana"),
        "strings": Text("文字列", "Strings"),
        "patterns": Text("正規表現 (RE2)", "Regular expressions (RE2)"),
        "conditions": Text("条件と選択", "Conditions and choices"),
        "grel_strings": Text("GREL: 文字列", "GREL: strings"),
        "grel_escapes": Text("GREL: エスケープとハッシュ", "GREL: escapes and digests"),
        "grel_arrays": Text("GREL: 配列", "GREL: arrays"),
        "grel_values": Text("GREL: 真偽値・数値・日付", "GREL: booleans, numbers and dates"),
        "idlab": Text("IDLab の関数", "The functions of IDLab"),
        "idlab_dates": Text("IDLab: 日付", "IDLab: dates"),
        "suite_functions": Text("試験用の関数", "Functions of the RML-FNML suite"),
        "refusals": Text("使えない関数", "Functions that are not offered"),
    }
)
"""The modules, in the order of the documentation; each registers its functions when imported."""

for _theme in THEMES:
    importlib.import_module(f"{__name__}.{_theme}")
