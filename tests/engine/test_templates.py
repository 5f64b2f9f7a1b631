"""Texts of a flow: what is joined reads as what the sandbox renders (X30)."""

from __future__ import annotations

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.templates import Text

SANDBOX = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
VALUES = {"item": "<b>lamp</b> & co", "amount": 79.5, "known": True, "gift": None, "sizes": [1, 2]}


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Which one?",
        " Order {{ item }}: {{amount}}. \n",
        "{{ item }}{{ known }}{{ gift }}{{ sizes }}",
        "a {{- item -}} b",
        "{# aside #} {{ item }}\n\n",
        "{% raw %}{{ item }}{% endraw %} {",
        "{{ 'item' }} {{ true }} {{ none }}",
        "{{ item | upper }}, {{ sizes[0] }}",
        "{% if known %}\n  yes {{ item }}\n{% endif %}",
    ],
)
def test_X30_a_text_reads_as_the_sandbox_renders_it(source: str) -> None:
    assert Text(source).render(VALUES) == SANDBOX.from_string(source).render(VALUES).strip()


def test_X30_a_value_is_never_template_text() -> None:
    assert Text("{{ item }}").render({"item": "{{ amount }}", "amount": 1}) == "{{ amount }}"


@pytest.mark.parametrize("source", ["so {{ nobody }}.", "so {{ nobody | upper }}."])
def test_a_name_without_a_value_shows_as_nothing(source: str) -> None:
    assert Text(source).render({}) == "so ."
