"""The usual slips of YAML, told in words an author knows instead of the parser's."""

from __future__ import annotations

import re

_SLIPS: tuple[tuple[str, str, str], ...] = (
    (
        r"found character '\\t'",
        "a tab stands here, and YAML is indented with spaces only",
        "put spaces in its place, as many as the lines beside it have",
    ),
    (
        r"found character '(?P<sign>[@`%])'",
        "a text cannot begin with `{sign}`, which YAML keeps for itself",
        "put the whole text between quotes",
    ),
    (
        r"mapping values are not allowed",
        "a `: ` stands where no key can begin",
        "quote a text that holds `: `; else mend the indent of this line, or the key of the line above",
    ),
    (
        r"quoted scalar found unexpected end",
        "this quoted scalar is never closed: the file ends inside the quotes",
        "close the quotes; inside single quotes write '' for an apostrophe",
    ),
    (
        r"unknown escape character '(?P<sign>.)'",
        "`\\{sign}` means nothing between double quotes",
        "put the text between single quotes, which take every backslash as it stands (so do patterns)",
    ),
    (
        r"while parsing a flow mapping .*(?P<sign>'.*'|<.*>)$",
        "this flow mapping, opened with `{{`, is not closed where {sign} stands",
        "put the missing `}}` or `,`; a text with `:`, `,`, `{{` or `}}` in it belongs between quotes",
    ),
    (
        r"while parsing a flow sequence .*(?P<sign>'.*'|<.*>)$",
        "this flow sequence, opened with `[`, is not closed where {sign} stands",
        "put the missing `]` or `,`; a text with `:`, `,`, `[` or `]` in it belongs between quotes",
    ),
    (
        r"expected <block end>, but found '(?P<sign>[}}\]])'",
        "this `{sign}` closes nothing",
        "remove it, or open what it closes",
    ),
    (
        r"expected <block end>, but found '<scalar>'",
        "something stands behind a value that has already ended",
        "put the whole text between quotes, with no quotes of the same kind inside",
    ),
    (
        r"expected <block end>",
        "this line is not indented like those it belongs to",
        "give every key of one map, and every `-` of one list, the same indent",
    ),
    (
        r"expected a comment or a line break",
        "the text of a `|` or `>` begins on the line below it",
        "move it there and indent it, or remove the sign",
    ),
)

_NAMELESS = {"'<scalar>'": "another value", "'<stream end>'": "the end of the file"}


def plainly(fault: str) -> tuple[str, str]:
    """What is wrong and what to do, from the YAML parser's own words."""
    for pattern, what, remedy in _SLIPS:
        found = re.search(pattern, fault)
        if found is not None:
            named = {name: _NAMELESS.get(sign, sign) for name, sign in found.groupdict().items()}
            return what.format(**named), remedy.format(**named)
    return fault or "this is not YAML", "mend the YAML here, or just above"
