"""The keys of an action."""

from __future__ import annotations

from engine.delegation import AGENTS
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

TASK = Fields(
    what="a task",
    keys={
        "id": Key(shape=NAME, about="Its name, for other tasks that need it.", needed="add `id: its_name`"),
        "agent": Key(
            shape=OneOf(words=AGENTS), about="Who does it.", needed=f"add `agent: {AGENTS[0]}`, or who does it"
        ),
        "input": Key(shape=TEXT, about="What it is about; a template.", needed='add `input: "{{ slot }}"`'),
        "needs": Key(shape=Each(item=NAME), about="Tasks whose results it is given; it waits for them."),
    },
)

PLANNER = Fields(
    what="a planner",
    keys={
        "goal": Key(
            shape=TEXT, about="What the plan is for; a template.", needed='add `goal: "what {{ slot }} is for"`'
        ),
        "agents": Key(
            shape=Each(item=OneOf(words=AGENTS), empty=False), about="Who may be given tasks; those of `delegate` else."
        ),
    },
)

_STATUS = Words(said="an HTTP status from 100 to 599", pattern=r"[1-5]\d\d", loose=True)

ACTION = Fields(
    what="an action",
    keys={
        "http": Key(shape=HTTP, about="A request."),
        "python": Key(shape=NAME, about="A function of the flow's actions.py."),
        "knowledge": Key(shape=TEXT, about="A question to the desk's own texts, a template; found or nothing (S34)."),
        "delegate": Key(shape=Each(item=TASK, empty=False), about="A plan of tasks for several agents (S36)."),
        "planner": Key(shape=PLANNER, about="A model may propose another plan; `delegate` is kept for when none does."),
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
