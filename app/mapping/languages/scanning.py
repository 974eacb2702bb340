"""What keeps a hostile or broken YAML text from costing time, memory or understanding: limits
that hold while the text is scanned, and the scanner's own errors in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from app.errors import MappingSyntaxError, Place, Text
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """How large and how deep a mapping's text may be."""

    bytes: int
    depth: int

    @classmethod
    def of(cls, settings: Settings | None = None) -> Limits:
        """The limits that the settings name (their defaults without settings)."""
        settings = Settings.model_validate({}) if settings is None else settings
        return cls(settings.mapping_bytes, settings.mapping_depth)


def check_size(text: str, *, file: str, limits: Limits) -> None:
    """Raises MappingSyntaxError when the text is longer, in UTF-8, than allowed."""
    size = len(text)
    if size <= limits.bytes < 4 * size:
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.bytes:
        raise MappingSyntaxError(
            Text(
                ja=f"マッピングが大きすぎます ({size:,} バイト以上、上限 {limits.bytes:,} バイト)。",
                en=f"the mapping is too large (at least {size:,} bytes, at most "
                f"{limits.bytes:,} are allowed).",
            ),
            place=Place(file),
            hint=Text(
                ja="ファイルを分けるか、設定 mapping_bytes を上げてください。",
                en="Split the file, or raise the setting mapping_bytes.",
            ),
        )


def too_deep(place: Place, depth: int) -> MappingSyntaxError:
    """The error of a text that is nested more than `depth` levels."""
    return MappingSyntaxError(
        Text(
            ja=f"入れ子が深すぎます (上限 {depth} 段)。",
            en=f"the nesting is too deep (at most {depth} levels are allowed).",
        ),
        place=place,
        hint=Text(
            ja="括弧の閉じ忘れがないか確認してください。",
            en="Look for a bracket that is not closed.",
        ),
    )


def limited_scanner(file: str, depth: int) -> type[Scanner]:
    """A scanner that stops at a depth: the stock one looks ahead for simple keys and needs
    quadratic time on `[[[[…` (2,000 brackets: 2 s; 100,000: minutes)."""

    class LimitedScanner(Scanner):
        def _here(self) -> Place:
            mark = self.reader.get_mark()
            return Place(file, mark.line + 1, mark.column + 1)

        def fetch_flow_collection_start(self, token: Any, to_push: str) -> None:
            if len(self.flow_context) >= depth:
                raise too_deep(self._here(), depth)
            super().fetch_flow_collection_start(token, to_push)

        def add_indent(self, column: int) -> bool:
            if len(self.indents) > depth and self.indent < column:
                raise too_deep(self._here(), depth)
            return bool(super().add_indent(column))

        def fetch_alias(self) -> None:
            raise MappingSyntaxError(_NO_ANCHORS, place=self._here(), hint=_WRITE_OUT)

        def fetch_anchor(self) -> None:
            raise MappingSyntaxError(_NO_ANCHORS, place=self._here(), hint=_WRITE_OUT)

        def fetch_tag(self) -> None:
            raise MappingSyntaxError(_NO_TAGS, place=self._here(), hint=_QUOTE_TAG)

    return LimitedScanner


_NO_ANCHORS: Final = Text(
    ja="アンカー (&) とエイリアス (*) は使えません。",
    en="anchors (&) and aliases (*) are not allowed.",
)
_WRITE_OUT: Final = Text(
    ja="同じ内容を繰り返し書くか、値であれば引用符で囲んでください。",
    en="Write the content out, or put the value into quotes.",
)
_NO_TAGS: Final = Text(ja="タグ (!) は使えません。", en="tags (!) are not allowed.")
_QUOTE_TAG: Final = Text(
    ja="! で始まる値は引用符で囲んでください。", en="Put a value that begins with ! into quotes."
)
_FULL_WIDTH: Final = Text(
    ja="全角の「：」があります。半角の「: 」に直してください。",
    en='There is a full-width colon "：" here; write ": " instead.',
)
_REPAIRS: Final[tuple[tuple[str, Text], ...]] = (
    (
        "'\\t'",
        Text(ja="字下げにはタブではなく空白を使ってください。", en="Indent with spaces, not tabs."),
    ),
    (
        "mapping values are not allowed",
        Text(
            ja="字下げを確認し、「: 」を含む値は引用符で囲んでください。",
            en='Check the indentation, and put a value that contains ": " into quotes.',
        ),
    ),
    (
        "could not find expected ':'",
        Text(ja="キーの後に半角の「: 」があるか確認してください。", en='Write ": " after the key.'),
    ),
    (
        "cannot start any token",
        Text(
            ja="@ ` % で始まる値は引用符で囲んでください。",
            en="Put a value that begins with @, ` or % into quotes.",
        ),
    ),
    (
        "found unexpected end of stream",
        Text(ja="引用符が閉じているか確認してください。", en="Check that the quotes are closed."),
    ),
    (
        "unknown escape character",
        Text(
            ja="\" \" の中の \\ は特別な文字です。\\ を含む値は ' ' で囲んでください。",
            en="Inside double quotes a backslash is special: put a value that contains one into "
            "single quotes.",
        ),
    ),
    (
        "expected ',' or",
        Text(
            ja="[ ] や { } の中の区切りと閉じ括弧を確認し、これらの文字を含む値は引用符で囲んで"
            "ください。",
            en="Check commas and brackets, and put values that contain [ ] { } or , into quotes.",
        ),
    ),
)
_CHECK_INDENT: Final = Text(
    ja="この行と前の行の字下げと引用符を確認してください。",
    en="Check the indentation and the quotes of this line and the one before.",
)


def not_yaml(error: MarkedYAMLError, text: str, file: str) -> MappingSyntaxError:
    mark = error.problem_mark or error.context_mark
    problem = (error.problem or str(error)).strip()
    if error.context:
        problem = f"{error.context}: {problem}"
    repair = next((repair for part, repair in _REPAIRS if part in problem), _CHECK_INDENT)
    if mark is not None and "：" in "".join(
        text.splitlines()[max(mark.line - 1, 0) : mark.line + 1]
    ):
        repair = _FULL_WIDTH
    return MappingSyntaxError(
        Text(ja=f"YAML として読めません: {problem}", en=f"this is not YAML: {problem}"),
        place=Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file),
        hint=repair,
    )


def wrong_character(error: ReaderError, text: str, file: str) -> MappingSyntaxError:
    before = text[: error.position]
    return MappingSyntaxError(
        Text(
            ja=f"YAML に使えない文字 (U+{error.character:04X}) があります。",
            en=f"there is a character that YAML does not allow (U+{error.character:04X}).",
        ),
        place=Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1),
        hint=Text(ja="この文字を消してください。", en="Remove the character."),
    )
