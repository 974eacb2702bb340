"""Words of the pages about the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "conformance.title": Text("規格への適合", "Conformance"),
    "conformance.lead": Text(
        "公式の試験をこのプログラムに対して実行した結果です。通らないものは、理由とともにすべて挙げます。",
        "What the official test suites say of this program. Every case that does not pass is "
        "named with its reason.",
    ),
    "conformance.suite": Text("試験", "Suite"),
    "conformance.passed": Text("合格", "Passed"),
    "conformance.total": Text("全体", "Total"),
    "conformance.failures": Text("通らないもの", "Cases that do not pass"),
    "conformance.suite_errors": Text("試験そのものの誤り", "Errors of the suites themselves"),
}
