"""Write the expected files of golden cases anew: `python -m tests.golden.regenerate CASE...`

Prints what changed; read it before committing. Without a case all are written.
"""

from __future__ import annotations

import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

from tests.golden.cases import GOLDEN, Case, all_cases


def regenerate(case: Case) -> None:
    """Write the files of one case and print the differences."""
    before = case.expected()
    with tempfile.TemporaryDirectory() as work:
        after = case.made(Path(work))
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        changes = unified_diff(
            old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            f"{case.name}/{name}",
            "new",
        )
        sys.stdout.writelines(changes)
        if name in after:
            (case.folder / name).write_text(new, encoding="utf-8")
        else:
            (case.folder / name).unlink()


if __name__ == "__main__":
    chosen = [Case(GOLDEN / name) for name in sys.argv[1:]] or all_cases()
    for each in chosen:
        if not (each.folder / "mapping.yml").is_file():
            sys.exit(f"{each.folder} has no mapping.yml")
        regenerate(each)
