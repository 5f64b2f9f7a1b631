"""Does the customer ask to be put through to a person (R60)?"""

from __future__ import annotations

import re

from engine.readers.corrections import negated
from engine.readers.words import clip, plain

_QUALITY = (
    r"(?:(?:a|an|the|some|any|another|your|one|of|actual|real|live|living|human|customer|service|support|care|sales"
    r"|senior|physical|proper|different) ){0,5}"
)
_SURELY = (
    r"(?:human|person|agent|operator|rep|representative|advis[eo]r|manager|supervisor|colleague|employee|consultant"
    r"|worker|clerk|teller|banker|officer|specialist|expert|technician|receptionist|concierge|boss|superior|associate"
    r"|coworker|teammate|csr|member of (?:the |your )?staff|staff member)"
)
_PLACE = (
    r"(?:reception|front desk|help ?desk|service desk|desk|department|dept|team|office|management|housekeeping"
    r"|room service|concierge|billing|sales|accounts|cancellations?|complaints?|hr|human resources|fraud|tech(?:nical)?"
    r"|maintenance|bookings?|reservations?|customer (?:service|support|care|relations)|support|service|care|staff"
    r"|personnel|headquarters|head office|branch|call cent(?:er|re)|hotel|restaurant|bank|store|kitchen|bar|spa"
    r"|security)"
)
"""Where people of a business are reached."""
_SOMEONE = (
    rf"(?:{_QUALITY}(?:\w{{2,15}} )?{_SURELY}s?\b"
    rf"|{_QUALITY}(?:human being|people|someone|somebody|anyone|anybody|assistants?|team)\b)"
)
_WHO = (
    rf"(?:{_SOMEONE}|(?:(?:the|your|a|an|some|our) )?(?:(?!my\b|another\b)\w{{2,15}} )?{_PLACE}\b"
    r"(?! (?:account|number|fees?|charges?|app)\b))"
)
_NO_PERSON = (
    r"(?:(?:my|a|an|the|this|that|your|another) )?(?:\w{2,12} )?(?:wi-?fi|internet|network|page|link|website|site|app"
    r"|account|accounts|savings|checking|card|bot|machine|robot|computer|ai|menu|beginning|start|question|money|cash)\b"
)
_ASKED = re.compile(
    rf"\b(?:(?:talk|talking|speak|speaking|chat|chatting)(?: directly)? (?:to|with) {_WHO}"
    r"|(?:connect|transfer|put|patch|switch|redirect|forward|hand|pass|direct|escalate)"
    r"(?: me| this| us| my call| my case| it)?(?: back)?(?: through| over| on| up| straight| directly)?"
    rf" (?:to|with|in (?:touch|contact) with) {_WHO}"
    rf"|(?:put|patch|get) (?:me|us) through\b(?! {_NO_PERSON})"
    rf"|(?:connect|transfer|redirect|forward) (?:me|us)(?: (?:through|over|straight|directly|right))?"
    rf" (?:to|with)(?: the| your)? (?!{_NO_PERSON}|[\d$€£])\w+"
    rf"|put {_SOMEONE} on|(?:get|give|bring|find|send|call|fetch) me (?:to )?{_QUALITY}(?:{_SURELY}|someone"
    r"|somebody)\b(?! (?:who|that)\b)"
    rf"|(?:get|have|put) {_QUALITY}(?:{_SURELY}|someone|somebody|anyone)(?: else)? on (?:the )?(?:line|phone|call)\b"
    rf"|(?:want|need|prefer|demand|(?:'d|would) like|rather (?:have|deal with)) {_QUALITY}"
    r"(?:human|(?:real|live|actual) (?:person|agent|operator)|agent|operator|representative|supervisor|advis[eo]r|csr"
    r"|(?<!one )(?<!\d )person\W{0,3}$)(?!\w)"
    rf"|(?:contact(?! person)|reach|get (?:through )?to|get (?:in touch with|(?:a )?hold of)|route me to|complain to"
    rf"|deal with)"
    rf" (?:{_SOMEONE}|customer (?:service|support|care)\b)"
    rf"|(?:can|could|will|would|must|has to|should) (?:a|an|some|any|one of your) (?:\w{{2,8}} )?{_SURELY}s?"
    r" (?:please )?(?:help|assist|look|handle|take|deal|contact|join)\b"
    r"|(?:any|some)(?:one|body)(?: \w{1,10}){0,3} (?:i|we) (?:can|could|may|might) (?:talk|speak|chat)"
    r"|(?:any|some) (?:humans?|people|person|agents?)(?: \w{1,10}){0,2} (?:i|we) (?:can|could|may) (?:talk|speak|chat)"
    r"|(?:talk|speak|chat)(?:ing)? (?:to|with) (?:whoever|the (?:person|one|people)) (?:is |who is )?in charge"
    r"|who (?:can|could|do|should) i (?:talk|speak|complain) (?:to|with)\b"
    r"|(?:get|call|bring|fetch|where(?:'s| is)) (?:me )?your (?:manager|supervisor|boss)\b"
    r"|get (?:someone|somebody)(?: from \w{2,15})? to (?:call|phone|ring|contact) me\b"
    r"|hand me over\b|(?:want|like|need) to be called(?: back)?\b|human (?:help|assistance|support)\b"
    r"|(?:[,.;] |^\W{0,3}(?:please,? |just )?)(?:a )?(?:real|live|actual) (?:person|human|agent)\W{0,3}$"
    rf"|(?:want|need|(?:'d|would) like|can|could|may|have|ask)(?: \w{{1,6}})? (?:someone|somebody"
    rf"|{_QUALITY}{_SURELY}) (?:to )?"
    r"(?:call|phone|contact|ring|talk|speak|get back)(?: to| with)?(?: me| us)?\b"
    rf"|(?:can|could|may) (?:i|we) (?:\w{{2,8}} ){{1,3}}{_QUALITY}(?:real|live|actual) (?:person|human|being|agent)\b"
    r"|(?:help|support|assistance|advice) from a (?:real )?(?:human|person)\b"
    r"|get (?:a|an) (?:real )?(?:human|person|agent) to\b"
    r"|is there (?:someone|somebody|a (?:human|person)|anyone)(?: \w{1,10})? (?:i can|to|who can) (?:talk|speak)"
    r"|(?:give (?:me|us) a|arrange a|request a|schedule a|want a|need a) (?:call ?back|call from)\b|human handoff)"
)
_NO_MACHINE = re.compile(
    r"\b(?:don'?t|do not|stop|not)(?: want to| wanna| like to| like)? (?:talk|speak|chat)(?:ing)? (?:to"
    r"|with) (?:a |this |the )?"
    r"(?:bot|machine|robot|computer|ai)\b"
    r"|\b(?:no|not another|not a|instead of (?:a|this)|(?:don'?t|do not) want (?:a|this)) (?:more )?(?:bots?"
    r"|machines?|robots?|ai)\b"
    r"|\b(?:this|the) (?:(?:chat ?)?bot|chat|conversation|assistant|system) (?:"
    r"(?:is not|isn'?t|does not|doesn'?t) (?:\w{1,10} )?(?:work(?:ing)?|help(?:ing|ful)?|understand(?:ing)?)"
    r"|is (?:\w{1,10} )?(?:useless|pointless|going nowhere))\b"
    r"|\byou(?: are|'?re) (?:not (?:helping|understanding)|no help|useless)\b"
    r"|\byou aren'?t (?:helping|understanding)\b"
    r"|\bstop (?:the|this) (?:chat ?)?(?:bot|robot)\b"
    r"|^\W{0,3}(?:please,? )?(?:call|phone|ring) (?:me|us)(?: back)?(?: please| now| asap| today| immediately)?\W{0,3}$"
    r"|^\W{0,3}(?:please )?escalate(?: (?:it|this))?\W{0,3}$"
)
"""Who is done with the bot wants a person."""
_ABOUT_ANOTHER = re.compile(
    r"\bno need (?:to|for)\b|\b(?:am i|are we|he|she|they|friend|wife|husband|already|yesterday"
    r"|told me to) (?:\w{1,10} )?"
    r"(?:talk|speak|chat)(?:ing)?\b"
)
_LEAD_CHARS = 30


def asks_for_person(text: str) -> bool:
    """Is there an unmistakable request for a person: "let me talk to a human", "transfer me to an agent"?

    Not "are you a human?", "send money to someone", "I don't need to talk to anyone", "I already spoke to someone".
    """
    folded = plain(clip(text))
    if _NO_MACHINE.search(folded):
        return True
    return any(
        not negated(folded, m.start()) and not _ABOUT_ANOTHER.search(folded, max(0, m.start() - _LEAD_CHARS), m.end())
        for m in _ASKED.finditer(folded)
    )
