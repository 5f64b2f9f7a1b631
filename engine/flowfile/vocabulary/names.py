"""What names look like, and the few shapes that many keys share."""

from __future__ import annotations

from engine.flowfile.atoms import Figure, OneOf, Words
from engine.flowfile.compounds import ByName, Either

_NAME = r"[a-z][a-z0-9_]*"
_TAKEN = "person|self|loop|true|false|none|not|and|or|in|is|if|else"
"""Words with a meaning of their own in templates and conditions."""

NAME = Words(said="a name: small letters, digits and _, a letter first", pattern=_NAME)
VALUE_NAME = Words(
    said="a name: small letters, digits and _, a letter first, and no word of templates such as `person` or `not`",
    pattern=rf"(?!(?:{_TAKEN})\Z){_NAME}",
)
"""A slot's or fact's: templates and conditions read it as a variable."""
OUTCOME = Words(said="an outcome: small letters, digits and _, and not `error`", pattern=rf"(?!error\Z){_NAME}")
"""`error` is the engine's own word for a failed action; `on_error` is its edge."""
TEXT = Words()
WORD = Words(said="a word", loose=True)
FRACTION = Figure(least=0, most=1, fraction=True)
SWITCH = OneOf(words=("off", "ask"))
LINES = ByName(value=Either(shapes=(Words(may_be_empty=True), ByName(value=Words(may_be_empty=True)))))
"""Line key -> wording, or -> wordings by locale and channel kind."""
