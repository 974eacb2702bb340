"""Our own suite: the 48 cases of RML-Core on CSV written by hand as YARRRML (see
`yarrrml/README.md`). Inputs and expected outputs are those of RML-Core."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.conformance import rml_suite
from tests.conformance.rml_suite import Case

MAPPINGS: Final = Path(__file__).parent / "yarrrml"


def cases(root: Path) -> list[Case]:
    """The cases of RML-Core with our mappings in the place of theirs."""
    return [
        replace(case, suite="yarrrml", mapping=MAPPINGS / case.id / "mapping.yml")
        for case in rml_suite.cases(root, "rml-core-csv")
    ]
