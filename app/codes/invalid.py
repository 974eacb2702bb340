"""The one way in which every reader of codes says no.

A bad code is the data's fault, so it is no `TsunaguError`: the caller turns it into a finding.
"""

from __future__ import annotations

from app.errors import Text


class InvalidCode(ValueError):
    """The text is no code of its scheme. `text` says why, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class UnknownRegion(InvalidCode):
    """A region code that is well-formed, but no region has it today."""
