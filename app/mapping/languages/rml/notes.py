"""What an RML document says that has no effect here, or that is not quite right."""

from __future__ import annotations

from app.errors import Text
from app.findings import Severity, kind

UNKNOWN_ESCAPE = kind(
    "mapping-unknown-escape",
    Severity.WARNING,
    what=Text(
        ja="文字列の中の {escape} は Turtle の記法にありません。",
        en="{escape} inside a string is not Turtle.",
    ),
    mend=Text(ja="\\{escape} と書いてください。", en="Write \\{escape} ."),
)
IGNORED = kind(
    "mapping-property-ignored",
    Severity.INFO,
    what=Text(ja="{property} は無視されます。", en="{property} is ignored."),
    mend=Text(ja="消しても結果は変わりません。", en="The result is the same without it."),
)
