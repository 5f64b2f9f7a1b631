"""A flow written in the test, and what the lints say of it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from engine.errors import Problem
from engine.flowfile import read_flow
from engine.lints import check_flow

Found = Callable[[str], dict[str, Problem]]

HEAD = """\
frontdesk: 1
flow: tried
title: Try it
"""


@pytest.fixture
def found() -> Found:
    """Give it a flow's body (slots, actions, states): lint name -> its first problem. The form must be right."""

    def lint(body: str) -> dict[str, Problem]:
        file = read_flow(HEAD + dedent(body), "tried/flow.yaml")
        assert file.problems == ()
        return {problem.lint: problem for problem in reversed(check_flow(file))}

    return lint
