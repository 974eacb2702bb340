"""What a column of a municipal table may hold."""

from __future__ import annotations

from enum import StrEnum

from app.errors import Text


class Role(StrEnum):
    """The part that a column plays. `label` names it for people."""

    label: Text

    def __new__(cls, value: str, ja: str, en: str) -> Role:
        """A member is its code; its label comes along."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(ja, en)
        return member

    KEY = "key", "番号・識別子", "number or identifier"
    NAME = "name", "名称", "name"
    KANA = "kana", "カナ", "reading in kana"
    LATIN_NAME = "latin-name", "英字の名称", "name in Latin letters"
    PERSON = "person", "人の氏名", "name of a person"
    BIRTHDAY = "birthday", "生年月日", "date of birth"
    ADDRESS = "address", "住所", "address"
    PREFECTURE = "prefecture", "都道府県名", "prefecture"
    MUNICIPALITY = "municipality", "市区町村名", "municipality"
    REGION_CODE = "region-code", "地方公共団体コード", "local government code"
    POSTAL_CODE = "postal-code", "郵便番号", "postal code"
    LATITUDE = "latitude", "緯度", "latitude"
    LONGITUDE = "longitude", "経度", "longitude"
    COORDINATES = "coordinates", "緯度経度の組", "latitude and longitude in one"
    PHONE = "phone", "電話番号", "telephone number"
    MAIL = "mail", "メールアドレス", "mail address"
    URL = "url", "URL", "web address"
    DATE = "date", "日付", "date"
    DATE_TIME = "date-time", "日時", "date with time"
    YEAR = "year", "年", "year"
    TIME = "time", "時刻", "time of day"
    WEEKDAYS = "weekdays", "曜日", "days of the week"
    FLAG = "flag", "有無・可否", "yes or no"
    AMOUNT = "amount", "数量", "amount"
    CORPORATE_NUMBER = "corporate-number", "法人番号", "corporate number"
    NOTE = "note", "備考", "note"
    TEXT = "text", "文字列", "text"
    EMPTY = "empty", "空の列", "empty column"
