"""What can go wrong on our side, and how it is told.

Every error carries a bilingual sentence that says what is wrong, the place where it is, and
a hint that says what to do. Bad cells of the data are not errors but findings
(`app.findings`).

The tree::

    TsunaguError                    exit 3
    ├── UsageError                  exit 2   the command was called wrongly
    │   ├── SettingsError                    tsunagu.toml or TSUNAGU_* is wrong
    │   ├── DatasetError                     a data set's folder or description is wrong
    │   │   └── DatasetNotFound
    │   └── MappingError                     a mapping cannot be compiled or run
    │       ├── MappingSyntaxError           not YAML, not Turtle, not JSON, not CSV
    │       └── MappingReferenceError        names a column, prefix, function or map that is not there
    ├── SourceError                 exit 2   a source cannot be read at all
    │   ├── SourceNotFound
    │   ├── SourceEmpty                      no byte, or a header and nothing else
    │   ├── SourceEncodingError              bytes that the encoding does not have
    │   └── SourceTooLarge                   past a limit (size, columns, cell, expansion)
    ├── DataRejected                exit 1   strict mode met a finding of severity error
    ├── StoreError                  exit 3
    │   ├── ReleaseNotFound
    │   ├── ReleaseCorrupt                   a checksum or a count differs from the manifest
    │   ├── PublishInProgress                another process holds the publishing lock
    │   └── DiskFull
    ├── QueryError                  exit 2
    │   ├── QuerySyntaxError                 line, column, repair
    │   ├── QueryRefused                     SERVICE, LOAD, an update, a form that is not allowed here
    │   ├── QueryTooLarge                    text longer than the cap
    │   │   └── AnswerTooLarge               the answer is longer than the cap
    │   ├── QueryTimeout                     the deadline passed; the worker was ended
    │   ├── QueryMemory                      the worker went past its memory limit or died
    │   ├── QueryOverload                    the queue is full
    │   └── QueryBudgetSpent                 this client has used up its query seconds
    └── RequestError                exit 2   an HTTP request that cannot be answered
        ├── NotAcceptable                    no offered format fits
        ├── EntityNotFound
        ├── EntityGone
        ├── PageNotFound                     no such path on this server
        ├── GraphNotFound                    the graph store has no such graph
        ├── AccessDenied
        │   ├── TokenRequired                no token, or none that is known
        │   └── RightMissing                 the token does not give this right
        ├── PreconditionFailed               If-Match names another state
        ├── MethodNotAllowed
        ├── UnsupportedMediaType             a body in a form that is not read here
        └── BadRequest

`app.web.errors` maps each class to an HTTP status; a test fails when one is missing there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in Japanese and in English."""

    ja: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in one language."""
        return self.ja if language == "ja" else self.en

    def format(self, **values: object) -> Text:
        """Both templates filled with the same values."""
        return Text(self.ja.format(**values), self.en.format(**values))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a file, a physical line (from 1), a character column (from 1),
    and, for a table, the name of the column ("field"). `end_line`, where it is known, is the
    last line of a range that begins at `line`."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    end_line: int | None = None

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            until = f"-{self.end_line}" if self.end_line not in (None, self.line) else ""
            parts.append(f"{self.line}{until}")
            if self.column is not None:
                parts.append(str(self.column))
        text = ":".join(parts)
        return f"{text} [{self.field}]" if self.field is not None else text

    def to_json(self) -> dict[str, Any]:
        """The parts that are known."""
        named = {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "field": self.field,
            "end_line": self.end_line,
        }
        return {name: value for name, value in named.items() if value is not None}


class TsunaguError(Exception):
    """Root of all errors of this program."""

    exit_code: ClassVar[int] = 3

    def __init__(self, text: Text, *, place: Place | None = None, hint: Text | None = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.place = place
        self.hint = hint

    @property
    def code(self) -> str:
        """The class name in kebab case: stable, for machines."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

    def at(self, place: Place) -> TsunaguError:
        """The same error with the parts of a place that it did not know filled in."""
        if self.place is None:
            self.place = place
        else:
            missing = {k: v for k, v in place.to_json().items() if getattr(self.place, k) is None}
            self.place = replace(self.place, **missing)
        return self

    def message(self, language: Language = "en") -> str:
        """Place, sentence and hint in one language."""
        head = f"{self.place}: " if self.place is not None and str(self.place) else ""
        tail = f" {self.hint.in_language(language)}" if self.hint is not None else ""
        return f"{head}{self.text.in_language(language)}{tail}"

    def __str__(self) -> str:
        return self.message("en")

    def to_json(self) -> dict[str, Any]:
        """The one shape of an error for machines."""
        body: dict[str, Any] = {
            "code": self.code,
            "message": {"ja": self.text.ja, "en": self.text.en},
        }
        if self.hint is not None:
            body["hint"] = {"ja": self.hint.ja, "en": self.hint.en}
        if self.place is not None:
            body["place"] = self.place.to_json()
        return body


class UsageError(TsunaguError):
    """The command was called wrongly."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting has no such name or a wrong value."""


class DatasetError(UsageError):
    """A data set's folder or description is wrong."""


class DatasetNotFound(DatasetError):
    """No folder of that name."""


class MappingError(UsageError):
    """A mapping cannot be compiled or run."""


class MappingSyntaxError(MappingError):
    """The mapping's text is not well-formed."""


class MappingReferenceError(MappingError):
    """The mapping names something that is not there."""


class SourceError(TsunaguError):
    """A source cannot be read at all."""

    exit_code = 2


class SourceNotFound(SourceError):
    """No such file."""


class SourceEmpty(SourceError):
    """No byte, or nothing that could be a header."""


class SourceEncodingError(SourceError):
    """Bytes that the stated or detected encoding does not have."""


class SourceTooLarge(SourceError):
    """Past a limit of size, columns, cell length or expansion."""


class DataRejected(TsunaguError):
    """Strict mode met a finding of severity error."""

    exit_code = 1


class StoreError(TsunaguError):
    """The store or a release cannot be used."""


class ReleaseNotFound(StoreError):
    """No such release."""


class ReleaseCorrupt(StoreError):
    """A file differs from the manifest."""


class PublishInProgress(StoreError):
    """Another process is publishing."""


class DiskFull(StoreError):
    """No space left for the new release; the old one is untouched."""


class QueryError(TsunaguError):
    """A query cannot be answered."""

    exit_code = 2


class QuerySyntaxError(QueryError):
    """Not SPARQL. `instead` is what was probably meant by so many characters at the place
    (`replaces`); `excerpt`, where it is known, the line with a caret under the place."""

    def __init__(
        self,
        text: Text,
        *,
        place: Place | None = None,
        hint: Text | None = None,
        instead: str | None = None,
        replaces: int = 0,
    ) -> None:
        super().__init__(text, place=place, hint=hint)
        self.instead = instead
        self.replaces = replaces
        self.excerpt: str | None = None

    def to_json(self) -> dict[str, Any]:
        """With the word that was probably meant, for editors that offer it, and the line with a
        caret under the place."""
        body = super().to_json()
        if self.instead is not None:
            body |= {"instead": self.instead, "replaces": self.replaces}
        if self.excerpt is not None:
            body["excerpt"] = self.excerpt
        return body


class QueryRefused(QueryError):
    """A form that is not allowed here."""


class QueryTooLarge(QueryError):
    """The text is longer than the cap."""


class AnswerTooLarge(QueryTooLarge):
    """The answer is longer than the cap."""


class QueryTimeout(QueryError):
    """The deadline passed; the worker was ended. `spent` says after how long, and what was
    allowed, in seconds."""

    def __init__(
        self,
        text: Text,
        *,
        place: Place | None = None,
        hint: Text | None = None,
        spent: dict[str, float] | None = None,
    ) -> None:
        super().__init__(text, place=place, hint=hint)
        self.spent = spent

    def to_json(self) -> dict[str, Any]:
        """With what was spent."""
        return {**super().to_json(), **({"spent": self.spent} if self.spent else {})}


class QueryMemory(QueryError):
    """The worker went past its memory limit or died."""


class QueryOverload(QueryError):
    """The queue is full."""


class QueryBudgetSpent(QueryError):
    """This client has used up its query seconds; `retry_after_s` says when it has some again."""

    def __init__(self, text: Text, *, hint: Text | None = None, retry_after_s: int = 1) -> None:
        super().__init__(text, hint=hint)
        self.retry_after_s = retry_after_s


class RequestError(TsunaguError):
    """An HTTP request that cannot be answered."""

    exit_code = 2


class NotAcceptable(RequestError):
    """No offered format fits the Accept header."""


class EntityNotFound(RequestError):
    """Nothing is known of that IRI."""


class EntityGone(RequestError):
    """Something was known of that IRI in an earlier release."""


class PageNotFound(RequestError):
    """No such path on this server."""


class GraphNotFound(RequestError):
    """The graph store has no such graph."""


class AccessDenied(RequestError):
    """Not everyone may do this."""


class TokenRequired(AccessDenied):
    """No token was sent, or none that is known."""


class RightMissing(AccessDenied):
    """The token does not give this right."""


class PreconditionFailed(RequestError):
    """If-Match or If-None-Match does not hold."""


class RangeNotSatisfiable(RequestError):
    """No byte of a file is in the range asked for; `size` is how many it has."""

    def __init__(self, text: Text, *, size: int) -> None:
        super().__init__(text)
        self.size = size


class MethodNotAllowed(RequestError):
    """The path is there, but not for this method."""


class UnsupportedMediaType(RequestError):
    """A request body in a form that is not read here."""


class BadRequest(RequestError):
    """A parameter or a path that cannot be read."""
