"""Words in the headings of municipal tables, and what a column with such a heading holds.

From the fourteen recommended data sets, the municipal standard data sets, and real files with
English machine names (latitude, prefCode, telephoneNumber).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.quality.role import Role


@dataclass(frozen=True, slots=True)
class HeadingRule:
    """A role, and the pattern that a folded heading must hold. `sure` roles keep their heading's
    word even where the values are not of their shape: those values are what is wrong."""

    role: Role
    pattern: re.Pattern[str]
    sure: bool


def _rule(role: Role, pattern: str, *, sure: bool = True) -> HeadingRule:
    return HeadingRule(role, re.compile(pattern), sure)


# The first rule that fits decides, so what is special stands before what is general.
RULES: Final = (
    _rule(Role.NOTE, r"^←|^→|^※|備考|特記|注記|注釈|^note|notes?$|remarks?$|特徴|コメント"),
    _rule(Role.CORPORATE_NUMBER, r"法人番号|corporate number|hojin bango"),
    _rule(
        Role.REGION_CODE,
        r"(都道府県|市区町村|市町村|地方公共団体|自治体|^団体|行政区域?)コード|\bpref(ecture)? code|"
        r"\b(city|municipality|lg|jis) code",
    ),
    _rule(Role.POSTAL_CODE, r"郵便番号|〒|\bzip\b|\bpost(al)? ?code"),
    _rule(Role.LATITUDE, r"緯度|^lat$|\blatitude|^y座標$"),
    _rule(Role.LONGITUDE, r"経度|^(lng|lon|long)$|\blongitude|^x座標$"),
    _rule(Role.TEXT, r"内線|extension|\bis[bs]n\b|\bjan ?コード"),
    _rule(Role.MAIL, r"メール|\be ?mail|mail ?address"),
    _rule(
        Role.URL, r"\bur[li]\b|url$|ホームページ|^hp$|web ?サイト|ウェブサイト|リンク先", sure=False
    ),
    _rule(Role.PHONE, r"電話(?!帳)|\btel\b|telephone|fax|ファックス|ファクシミリ|\bphone|携帯"),
    _rule(Role.BIRTHDAY, r"生年月日|誕生日|birth ?day|birth ?date|date of birth"),
    _rule(
        Role.PERSON,
        r"氏名|担当者(名|$)|申請者(名|$)|届出者(名|$)|世帯主|責任者(名|$)|代表者(名|$)|本人|"
        r"\bperson(al)? name|representative name|applicant name",
    ),
    _rule(
        Role.KANA,
        r"カナ|フリガナ|ふりがな|(^|[ (])かな|読み仮名|よみがな|\bkana|in kana|^ヨミ|読み$",
    ),
    _rule(Role.LATIN_NAME, r"英字|英語|ローマ字|\bromaji|romanized"),
    _rule(Role.PREFECTURE, r"^都道府県名?$|^県名$|^pref(ecture)?( name)?$| 都道府県$"),
    _rule(
        Role.MUNICIPALITY,
        r"^市区町村名?$|^市町村名?$|^都道府県名及び市(区)?町村名$|^地方公共団体名$|^自治体名$|^city( name)?$|^municipality|"
        r" 市区町村$",
    ),
    _rule(Role.ADDRESS, r"住所|所在地|^address|\baddress$"),
    _rule(Role.WEEKDAYS, r"曜日|\bweekday|営業日|定休|休館日|休業日|利用可能日$|診療日$"),
    _rule(Role.TEXT, r"日数|時間帯|所要時間|利用可能時間|営業時間|開館時間|開庁時間|診療時間"),
    _rule(Role.DATE_TIME, r"日時$|\bdate ?time|timestamp"),
    _rule(Role.DATE, r"年月日|日付|期日|年月$"),
    _rule(Role.DATE, r"[^曜休祝平毎当同]日$|\bdate$|^日$", sure=False),
    _rule(Role.YEAR, r"^年$|年度$|年次$|^西暦|^year|\byear$|[築成置]年$", sure=False),
    _rule(
        Role.TIME,
        r"(開始|終了|開館|閉館|開店|閉店|始業|終業|受付).{0,4}(時間|時刻)$|時刻$|"
        r"\b(start|end|open(ing)?|clos(e|ing)) time|^opens$|^closes$",
    ),
    _rule(Role.FLAG, r"有無$|可否$|要否$|^災害種別|フラグ|\bflag$|対応$|設備$", sure=False),
    _rule(
        Role.KEY,
        r"^(no\.?|id|#property|property|番号|連番|通番|通し番号|項番|整理番号|管理番号|識別番号|識別子|"
        r"識別情報|コード|№|#)$|^identif|\bid$|(?<=者)id$|一連番号|^poi",
        sure=False,
    ),
    _rule(
        Role.NAME,
        r"名称|施設名|^名前$|[店園校館所場院社駅物]名$|^name$|件名|タイトル|^title$|[^区]名$|\bname$",
    ),
    _rule(
        Role.TEXT,
        r"説明|概要|内容|詳細|description|アクセス|案内|コード$|番号$|種別|分類|区分|\bcode$",
    ),
    _rule(
        Role.AMOUNT,
        r"数$|人口|世帯数|面積|標高|高さ|長さ|延長|幅員|距離|重量|定員|収容人|総数|合計|金額|料金|価格|予算|"
        r"決算|割合|率$|口径|温度|水位|容量|\b(population|capacity|number|count|total|amount|area|"
        r"elevation|height|length|size|ratio|rate)\b",
        sure=False,
    ),
)

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS: Final = re.compile(r"[\s_\-/・:]+")
_BRACKETS: Final = re.compile(r"[\[(［（【〔](?P<inside>[^\])］）】〕]*)[\])］）】〕]")


def folded(heading: str) -> str:
    """A heading for comparing: NFKC, words apart, small letters, without what is in brackets."""
    text = unicodedata.normalize("NFKC", heading)
    text = _CAMEL.sub(" ", _BRACKETS.sub("", text) or text)
    return _SEPARATORS.sub(" ", text).strip().lower()


def in_brackets(heading: str) -> tuple[str, ...]:
    """What stands in brackets in a heading: units, remarks."""
    return tuple(m["inside"].strip() for m in _BRACKETS.finditer(heading) if m["inside"].strip())


def rule_for(heading: str) -> HeadingRule | None:
    """The first rule for a heading; of joined headings (人口/男) the last part is looked at first."""
    for part in dict.fromkeys((folded(heading.rsplit("/", 1)[-1]), folded(heading))):
        for rule in RULES:
            if rule.pattern.search(part):
                return rule
    return None
