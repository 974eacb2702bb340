"""RML and R2RML in Turtle: text → `Mapping`.

Sources: RML-Core, RML-IO, RML-FNML, RML-CC, RML-LV and RML-STAR of
https://kg-construct.github.io/ , RML as of 2020 (https://rml.io/specs/rml/), and R2RML
(https://www.w3.org/TR/r2rml/).
"""

from app.mapping.languages.rml.reader import DEFAULT_BASE, read_rml

__all__ = ["DEFAULT_BASE", "read_rml"]
