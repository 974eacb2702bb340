"""How the values of Japanese tables look: patterns for RE2, over cells in half width.

They say what a cell is meant to be, not whether it is right: 2023-02-30 has the shape of a date.
"""

from __future__ import annotations

from typing import Final

NUMBER: Final = r"^[+\-▲△]?\s?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([Ee][+-]?\d{1,3})?$"
PLAIN_NUMBER: Final = r"^-?(\d+(\.\d+)?|\.\d+)$"
INTEGER: Final = r"^\d+$"
DEGREES: Final = r"^[+-]?\d{1,3}(\.\d+)?$"
LATITUDE: Final = r"^(2\d|3\d|4[0-5])\.\d{3,}$"
LONGITUDE: Final = r"^1[2-5]\d\.\d{3,}$"
COORDINATE_PAIR: Final = r"^(2\d|3\d|4[0-5])\.\d+\s*[,、 ]\s*1[2-5]\d\.\d+$|^1[2-5]\d\.\d+\s*[,、 ]\s*(2\d|3\d|4[0-5])\.\d+$"
POSTAL_CODE: Final = r"^〒?\s?\d{3}-\d{4}$"
PHONE: Final = r"^(\+81[- ]?|\(?0)\d{1,4}[-()]{1,2}\d{1,4}[-)]?-?\d{3,4}$"
MAIL: Final = r"^[A-Za-z0-9._+~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
WEB: Final = r"^(?i:https?)://"
CLOCK: Final = r"^(午前|午後|AM|PM|am|pm)?\s?\d{1,2}([::]\d{2}([::]\d{2})?|時(\d{1,2}分|半)?)\s?(AM|PM|am|pm)?$"
KANA: Final = r"^[ァ-ヶー・ヽヾｦ-ﾟ\sA-Za-z0-9\-()&'.,/「」()=#+!?~〜:Ⅰ-ⅿ]+$"
HAS_KANA: Final = r"[ァ-ヶｦ-ﾟ]"
FLAG: Final = (
    r"^(○|◯|〇|●|◎|×|✕|✖|✗|△|▲|✓|✔|レ|有り?|あり|無し?|なし|可能?|不可|要|不要|はい|いいえ|済|未|[01](\.0)?|"
    r"(?i:true|false|yes|no|y|n|on|off))$"
)
REGION_CODE: Final = r"^(0[1-9]|[1-3]\d|4[0-7])\d{3}(\d)?$"
CORPORATE_NUMBER: Final = r"^[1-9]\d{12}$"
WEEKDAYS: Final = r"^([月火水木金土日祝]|曜日?|[・、,~〜\- ]|平日|毎日|全日|年中無休)+$"

_ERA: Final = r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])\.?\s*(元|\d{1,2})"
ISO_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
YEAR_FIRST: Final = r"^(西暦)?\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?$"
COMPACT_DATE: Final = r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$"
ERA_DATE: Final = r"^" + _ERA + r"\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}\s*日?$"
ERA_WITH_WESTERN: Final = r"(明治|大正|昭和|平成|令和|[MTSHRmtshr]\d).*\(?(18|19|20)\d{2}|(18|19|20)\d{2}.*(明治|大正|昭和|平成|令和|[MTSHR]\d)"
ERA_YEAR: Final = r"^" + _ERA + r"\s*(年度?)?(\s*[\-/.]?\s*\d{1,2}\s*月?)?\s*(頃|末|以前)?$"
ERA_WORD: Final = (
    r"(明治|大正|昭和|平成|令和)\s*(元|\d{1,2})\s*年|^[MTSHR]\d{1,2}[./-]\d{1,2}([./-]\d{1,2})?$"
)
MONTH_FIRST: Final = r"^\d{1,2}[-/]\d{1,2}[-/]\d{4}$"
SHORT_YEAR: Final = r"^\d{2}[-/.]\d{1,2}[-/.]\d{1,2}$"
SERIAL_DATE: Final = r"^[1-6]\d{4}(\.0)?$"
YEAR_MONTH: Final = r"^(西暦)?\d{4}(-\d{1,2}|/\d{1,2}|\.\d{1,2}|年\d{1,2}月)$"
YEAR: Final = r"^(西暦)?(18|19|20)\d{2}(年度?)?$"
DATE_TIME: Final = r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([T ]+|日)(午前|午後)?\d{1,2}[:時]\d{0,2}"
ANY_DATE: Final = "|".join(
    (YEAR_FIRST, COMPACT_DATE, ERA_DATE, ERA_WITH_WESTERN, MONTH_FIRST, YEAR_MONTH, SHORT_YEAR)
)
