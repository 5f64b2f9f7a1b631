"""The keys of a slot."""

from __future__ import annotations

from engine.flow import SlotType
from engine.flowfile.atoms import Figure, Flag, Nothing, OneOf, words_of
from engine.flowfile.compounds import Anything, ByName, Each, Either, Fields, Key
from engine.flowfile.vocabulary.names import NAME, TEXT, VALUE_NAME, WORD
from engine.flowfile.vocabulary.settings import ASK_AGAIN_AFTER, FUZZY_ACCEPT, FUZZY_ASK, REMEMBER_FOR, RETRIES

_WORDS = Either(shapes=(Each(item=WORD), Nothing(), WORD))
_BOUND = Either(shapes=(Figure(least=-1e15, most=1e15, fraction=True), TEXT))

SLOT = Fields(
    what="a slot",
    keys={
        "type": Key(shape=words_of(SlotType), about="What it holds; text when left out."),
        "of": Key(
            shape=OneOf(words=tuple(kind.value for kind in SlotType if kind is not SlotType.LIST)),
            about="The item type of a list.",
        ),
        "label": Key(shape=TEXT, about="What customers read for its name."),
        "pattern": Key(shape=TEXT, about="Searched in the text after `normalize`; the value is the whole match."),
        "normalize": Key(shape=OneOf(words=("upper", "lower", "digits", "strip")), about="Done before `pattern`."),
        "error_msg": Key(shape=TEXT, about="The reason said for a wrong answer (R19)."),
        "why": Key(shape=TEXT, about="Said when the customer asks why (R43)."),
        "help": Key(shape=TEXT, about="Said when the customer asks what it is, and at the second try (R21)."),
        "cues": Key(shape=Each(item=WORD), about="Words beside which an unasked number or text counts (R11)."),
        "values": Key(
            shape=Either(shapes=(ByName(value=_WORDS, empty=False), Each(item=WORD, empty=False))),
            about="The keys of an enum, each with its other words.",
        ),
        "choices": Key(shape=ByName(value=WORD), about="Value -> label of the options, in this order."),
        "scope": Key(shape=NAME, about="Flows that declare the same scope share the value."),
        "depends_on": Key(shape=VALUE_NAME, about="A slot whose change empties this one (R33)."),
        "default": Key(shape=Anything(), about="Its value while nobody filled it."),
        "min": Key(shape=_BOUND, about="The least value, or items of a list."),
        "max": Key(shape=_BOUND, about="The greatest value, or items of a list."),
        "validate": Key(
            shape=NAME,
            about="A Python function, or an action of the flow, that judges a value: `valid`, or the action's first "
            "outcome, accepts it (R24).",
        ),
        "extract": Key(
            shape=NAME,
            about="A Python function, or an action of the flow, that reads the answer's text: `found`, or the action's "
            "first outcome, with its fact `value` or the slot's name.",
        ),
        "takes": Key(shape=OneOf(words=("question",)), about="`question`: filled by the customer's question."),
        "ask_only": Key(shape=Flag(), about="Only its own question may fill it (R14)."),
        "optional": Key(shape=Flag(), about="May be skipped or answered with none (R17, R54)."),
        "remember": Key(shape=Flag(), about="Kept per person and offered next time (S11, S12)."),
        "once": Key(shape=Flag(), about="Used up by this flow's irreversible action (S12)."),
        "sensitive": Key(shape=Flag(), about="Never echoed, remembered, logged or sent to a model."),
        "retries": RETRIES,
        "fast_track": Key(shape=Figure(least=0, most=10), about="`fast_track_after` for this slot; 0: never (S14)."),
        "fuzzy_accept": FUZZY_ACCEPT,
        "fuzzy_ask": FUZZY_ASK,
        "remember_for": REMEMBER_FOR,
        "ask_again_after": ASK_AGAIN_AFTER,
    },
)
