"""What tests of every folder share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes tells of the machine, not of the code.
settings.register_profile("any machine", deadline=None, print_blob=True)
settings.load_profile("any machine")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real municipal files and official suites, which lies beside the checkout
    and is never copied into it. Without it a test skips; in CI it fails."""
    if not SHARED.is_dir():
        reason = "../shared (real files and official suites) is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED
