"""The keys of an action."""

from __future__ import annotations

from engine.flow import SlotType
from engine.flowfile.atoms import Flag, OneOf, Span, Words, words_of
from engine.flowfile.compounds import Anything, ByName, Each, Either, Fields, Key
from engine.flowfile.vocabulary.names import NAME, OUTCOME, TEXT, VALUE_NAME

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

HTTP = Fields(
    what="an http action",
    keys={
        "method": Key(shape=OneOf(words=_METHODS), about="The method.", needed="add `method: GET`, or what it is"),
        "url": Key(
            shape=TEXT, about="`${ENV}` is put in; `{{ slot }}` is URL-encoded.", needed='add `url: "${SHOP_URL}/..."`'
        ),
        "headers": Key(shape=ByName(value=TEXT), about="Headers; their values are templates."),
        "json": Key(
            shape=Anything(table=True), about="The JSON body. A value that is one `{{ slot }}` keeps its type."
        ),
    },
)

_FACT = Fields(
    what="a saved fact",
    keys={
        "path": Key(shape=TEXT, about="Where it stands in the answer, dotted.", needed="add `path: item.name`"),
        "type": Key(shape=words_of(SlotType), about="What it is; an amount compares as money."),
        "currency_path": Key(shape=TEXT, about="Where an amount's currency stands."),
    },
)

_STATUS = Words(said="an HTTP status from 100 to 599", pattern=r"[1-5]\d\d", loose=True)

ACTION = Fields(
    what="an action",
    keys={
        "http": Key(shape=HTTP, about="A request."),
        "python": Key(shape=NAME, about="A function of the flow's actions.py."),
        "knowledge": Key(shape=TEXT, about="A question to the desk's own texts, a template; found or nothing (S34)."),
        "timeout": Key(shape=Span(least="1ms", most="5m"), field="timeout_s", about="Longer counts as an error."),
        "irreversible": Key(shape=Flag(), about="Never repeated under another key; needs a confirming ask before it."),
        "outcomes": Key(
            shape=Either(shapes=(ByName(value=OUTCOME, key=_STATUS), Each(item=OUTCOME))),
            about="HTTP status -> outcome, or a Python action's outcomes.",
        ),
        "save": Key(
            shape=ByName(value=Either(shapes=(TEXT, _FACT)), key=VALUE_NAME), about="Facts taken from the answer."
        ),
    },
)
