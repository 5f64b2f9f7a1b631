"""A flow file read into a FlowDef: what an author may write, and what is said of what they may not."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.errors import Problem
from engine.flow import Branch, FlowDef, HandoffDef, SaveDef, SlotType, StateKind, Window
from engine.flowfile import FlowFile, read_flow
from engine.lints import check_flow

HEAD = "frontdesk: 1\nflow: tried\ntitle: Try it\n"
DONE = 'states: {done: {prompt: "Bye.", terminal: true}}\n'


def read(body: str) -> FlowFile:
    """A flow's body behind the keys every flow needs."""
    return read_flow(HEAD + dedent(body), "tried/flow.yaml")


def flow_of(body: str) -> FlowDef:
    """A flow whose form is right."""
    file = read(body)
    assert file.problems == ()
    assert file.flow is not None
    return file.flow


def only(body: str) -> Problem:
    """The one problem of a flow's form."""
    (problem,) = read(body).problems
    return problem


def test_a_whole_flow_is_read() -> None:
    flow = flow_of("""\
        description: Buy seats.
        triggers: [buy seats, 911, yes]
        expires_after: 24h
        retries: 2
        window: {turns: 5}
        lines: {stopped: All right., goodbye: {default: Bye., de: Tschüs.}}
        slots:
          seats: {type: integer, min: 1, max: 500, remember_for: 7d}
          tier: {type: enum, values: {small: [little], big: , other: huge}, label: size}
          sure: {type: boolean, ask_only: true, default: no}
        actions:
          find:
            http: {method: GET, url: "${SHOP_API_URL}/tiers/{{ tier }}", headers: {X-Seats: "{{ seats }}"}}
            timeout: 250ms
            outcomes: {200: found, "404": gone, 410: gone}
            save: {item: item.name, price: {path: price, type: amount, currency_path: currency}}
          buy: {python: buy, irreversible: true, outcomes: [done]}
        states:
          ask: {prompt: [How many?, "A number, please?"], slot: seats, next: ask_tier}
          ask_tier: {prompt: {sms: "Size?", de: Welche?}, slot: tier, branches: {small: find, else: person}}
          find: {action: find, branches: {found: check, gone: person}, on_error: handoff}
          check: {branches: [{when: "price > 9", next: sure}, {next: done}]}
          sure: {prompt: "{{ item }}?", slot: sure, branches: {yes: buy, no: done}}
          buy: {action: buy, next: done}
          person: {handoff: {reason: large_deal, queue: sales}}
          done: {prompt: "Bye.", terminal: true, outcome: nurtured}
        """)
    assert (flow.name, flow.title, flow.first, flow.task) == ("tried", "Try it", "ask", "try it")
    assert flow.triggers == ("buy seats", "911", "yes")
    assert (flow.expires_after_s, flow.retries, flow.window) == (86_400.0, 2, Window(turns=5))
    assert flow.lines == {"stopped": "All right.", "goodbye": "Bye.", "goodbye.de": "Tschüs."}
    assert (flow.slots["seats"].min, flow.slots["seats"].max, flow.slots["seats"].remember_for_s) == (1, 500, 604_800.0)
    assert flow.slots["tier"].values == {"small": ("little",), "big": (), "other": ("huge",)}
    assert (flow.slots["sure"].type, flow.slots["sure"].default) == (SlotType.BOOLEAN, False)
    find = flow.actions["find"]
    assert find.http is not None
    assert find.http.headers == {"X-Seats": "{{ seats }}"}
    assert (find.timeout_s, find.outcomes) == (0.25, ("found", "gone"))
    assert find.statuses == {"200": "found", "404": "gone", "410": "gone"}
    assert find.save["price"] == SaveDef(path="price", type=SlotType.AMOUNT, currency_path="currency")
    assert (flow.actions["buy"].python, flow.actions["buy"].irreversible) == ("buy", True)
    assert flow.states["ask"].prompts == {"": ("How many?", "A number, please?")}
    assert flow.states["ask_tier"].prompts == {"": ("Size?",), "sms": ("Size?",), "de": ("Welche?",)}
    assert flow.states["ask_tier"].branches == (Branch(label="small", next="find"), Branch(next="person"))
    assert flow.states["check"].branches == (Branch(when="price > 9", next="sure"), Branch(next="done"))
    assert flow.states["person"].handoff == HandoffDef(reason="large_deal", queue="sales")
    assert flow.states["done"].outcome == "nurtured"
    assert [state.kind.value for state in flow.states.values()] == (
        ["ask", "ask", "action", "choice", "ask", "action", "handoff", "terminal"]
    )


def test_yes_and_no_stay_words() -> None:
    flow = flow_of("""\
        slots: {sure: {type: boolean}}
        states:
          ask: {prompt: "Sure?", slot: sure, branches: {yes: on, no: off}}
          on: {prompt: "On.", terminal: true}
          off: {prompt: "Off.", terminal: true}
        """)
    assert [branch.label for branch in flow.states["ask"].branches] == ["yes", "no"]


def test_json_inside_yaml_and_a_literal_false_are_read() -> None:
    flow = flow_of("""\
        slots:
          "party": {"type": "integer", "scope": "tables_1", "optional": true, "default": 2}
        actions:
          "call": {"http": {"method": "POST", "url": "${ACTION_URL}/Tables/Book", "json": {"party": "{{ party }}"}},
                   "irreversible": false, "timeout": "5s", "outcomes": {"200": "done"}}
        states:
          "call": {"action": "call", "branches": {"done": "done"}, "on_error": "done"}
          "done": {"prompt": "Done.", "terminal": true, "outcome": "resolved"}
        """)
    assert flow.actions["call"].http is not None
    assert flow.actions["call"].http.json == {"party": "{{ party }}"}
    assert (flow.actions["call"].irreversible, flow.slots["party"].default) == (False, 2)


def test_a_single_terminal_is_a_flow() -> None:
    file = read(DONE)
    assert file.problems == check_flow(file) == ()


def test_every_dotted_key_knows_its_line() -> None:
    lines = read("""\
        slots:
          code: {type: text,
                 error_msg: "Five digits."}
        states:
          ask:
            prompt:
              - Which?
              - Which, please?
            slot: code
            next: done
          done: {prompt: "Bye.", terminal: true}
        """).lines
    assert lines["slots.code"] == lines["slots.code.type"] == 5
    assert lines["slots.code.error_msg"] == 6
    assert lines["states.ask.prompt.1"] == 11
    assert lines["states.ask.branches.yes"] == lines["states.ask"] == 8
    assert lines["nowhere"] == 1


@pytest.mark.parametrize(
    ("body", "key", "lint", "what", "remedy"),
    [
        ("titel: x\n" + DONE, "titel", "unknown-key", "a flow has no key `titel`", "did you mean `title`?"),
        ("slots: {a: {patern: x}}\n" + DONE, "slots.a.patern", "unknown-key", "`patern`", "did you mean `pattern`?"),
        ("<<: {a: 1}\n" + DONE, "<<", "unknown-key", "a flow has no key `<<`", "remove it; a flow knows"),
        ("title: Again\n" + DONE, "title", "duplicate-key", "twice (first on line 3)", "remove one of them"),
        ("resume: [a]\n" + DONE, "resume", "wrong-type", "a list stands here", "write a text"),
        ("goal: 5\n" + DONE, "goal", "wrong-type", "`5` stands where a text belongs", 'quote it: "5"'),
        ("csat: sometimes\n" + DONE, "csat", "unknown-word", "`sometimes`", "use `off` or `ask`"),
        ("slots: {a: {type: intger}}\n" + DONE, "slots.a.type", "unknown-word", "`intger`", "did you mean `integer`?"),
        ("slots: {Size: {}}\n" + DONE, "slots.Size", "wrong-type", "`Size` stands here", "small letters"),
        ("slots: {person: {}}\n" + DONE, "slots.person", "wrong-type", "`person` stands here", "no word of templates"),
        ("confirm_corrections: yes\n" + DONE, "confirm_corrections", "wrong-type", "`yes`", "write true or false"),
        ("expires_after: 12h\n" + DONE, "expires_after", "out-of-range", "`12h`", "a duration from 24h to 72h"),
        ("expires_after: 96h\n" + DONE, "expires_after", "out-of-range", "`96h`", "a duration from 24h to 72h"),
        ("resume_after: 30\n" + DONE, "resume_after", "wrong-type", "`30`", "with its unit"),
        ("retries: 11\n" + DONE, "retries", "out-of-range", "`11`", "a whole number from 1 to 10"),
        ("max_turns: 2\n" + DONE, "max_turns", "out-of-range", "`2`", "a whole number from 3 to 50"),
        ("summary_every: 2.5\n" + DONE, "summary_every", "wrong-type", "`2.5`", "a whole number from 1 to 10"),
        ("window: {turns: 2}\n" + DONE, "window.turns", "out-of-range", "`2`", "from 3 to 10"),
        ("window: {turns: 5, messages: 5}\n" + DONE, "window", "wrong-window", "messages or turns", "{turns: 5}"),
        ("slots: {a: {fuzzy_ask: 2}}\n" + DONE, "slots.a.fuzzy_ask", "out-of-range", "`2`", "a number from 0 to 1"),
        (
            "actions: {a: {outcomes: [b]}}\n" + DONE,
            "actions.a",
            "action-kind",
            "it has none of `http`, `python`",
            "one",
        ),
        (
            'actions: {a: {http: {method: GET, url: "https://x.example"}, outcomes: [ok]}}\n' + DONE,
            *("actions.a.outcomes", "wrong-outcomes", "come from statuses", "write {200: ok}"),
        ),
        (
            "actions: {a: {python: f, outcomes: {200: ok}}}\n" + DONE,
            *("actions.a.outcomes", "wrong-outcomes", "words, not statuses", "write [ok]"),
        ),
        (
            'actions: {a: {http: {method: GET, url: "https://x.example"}, outcomes: {20: ok, 200: ok}}}\n' + DONE,
            *("actions.a.outcomes.20", "wrong-type", "`20` stands here", "an HTTP status"),
        ),
        ("actions: {a: {http: {method: GET}}}\n" + DONE, "actions.a.http", "missing-key", "needs `url`", "add `url"),
        (
            "states: {a: {slot: b, action: c}}\n",
            *("states.a", "two-kinds", "`slot` and `action` stand in one state", "split it"),
        ),
        ("states: {a: {title: b}}\n", "states.a", "no-kind", "nothing here says", "add `prompt`"),
        (
            "states: {a: {action: b, prompt: One moment., next: c}}\n",
            *("states.a.prompt", "misplaced-key", "an action state has no `prompt`", "a state of its own"),
        ),
        (
            "states: {a: {branches: {yes: b}}}\n",
            *("states.a.branches", "wrong-branches", "a choice tries conditions", "write a list"),
        ),
        (
            "states: {a: {prompt: A?, slot: b, branches: [{next: c}]}}\n",
            *("states.a.branches", "wrong-branches", "belongs to a choice", "write a map"),
        ),
        ("states: {a: {branches: [{when: b}]}}\n", "states.a.branches.0", "missing-key", "needs `next`", "add `next"),
        ("states: {a: }\n", "states.a", "wrong-type", "nothing stands here", "write a state as a map"),
        ("states: {}\n", "states", "wrong-type", "a map stands here", "write a map"),
        ("goal: x\n", "(file)", "missing-key", "a flow needs `states`", "add `states:`"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands_and_how_to_mend_it(
    body: str, key: str, lint: str, what: str, remedy: str
) -> None:
    problem = only(body)
    assert (problem.key, problem.lint, problem.warning) == (key, lint, False)
    assert what in problem.what
    assert remedy in problem.remedy


def test_problems_come_all_at_once_and_a_broken_state_is_not_blamed_for_what_follows() -> None:
    file = read("""\
        slots: {sure: {type: bolean}}
        states:
          ask: {prompt: "Sure?", slot: sure, branches: {yes: done, no: gone}}
          say: {promt: "Hello.", next: done}
          done: {prompt: "{{ nobody }}", terminal: true}
        """)
    assert [(problem.line, problem.lint) for problem in sorted(file.problems, key=lambda one: one.line)] == (
        [(4, "unknown-word"), (7, "unknown-key"), (7, "no-kind")]
    )
    assert [problem.lint for problem in check_flow(file)] == ["unknown-name"]


def test_the_kinds_of_state_are_told_by_their_keys() -> None:
    flow = flow_of("""\
        states:
          hello: {prompt: "Hello.", terminal: false, next: bill}
          bill: {call: billing, branches: {resolved: bye}, next: bye}
          bye: {terminal: true}
        """)
    assert [state.kind for state in flow.states.values()] == [StateKind.SAY, StateKind.CALL, StateKind.TERMINAL]
    assert flow.states["bill"].next == "bye"
