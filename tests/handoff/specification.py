"""The specification's own check of a summary, where it stands beside the checkout."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

SPEC = Path(__file__).parents[3] / "shared" / "spec"
"""The specification beside the checkout, where it is present."""


@cache
def check_summary() -> ModuleType:
    """The specification's own check; the test that asks for it is skipped without."""
    source = SPEC / "check_summary.py"
    if not source.exists() or importlib.util.find_spec("jsonschema") is None:
        pytest.skip("the specification's check is not here -> put it into ../shared/spec, and pip install jsonschema")
    spec = importlib.util.spec_from_file_location("check_summary", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)  # the specification's folder is not ours
        spec.loader.exec_module(module)
    return module
