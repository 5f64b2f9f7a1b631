"""Control commands as phrases: unmistakable wherever they stand, or built too freely for a list."""

from __future__ import annotations

import re
from functools import cache

from engine.readers.control_words import LEAVING

BEFORE = re.compile(
    r"^(?:please|pls|ok|okay|hey|hi|hello|well|no|so|oh|um|uh|hmm|just|i'm sorry|sorry|excuse me|actually"
    r"|wait|now|then|and"
    r"|but|yeah|yes|thanks|alright|bot|ai|kindly|shall we|would you please|can you|could you|would you|will you|can we"
    r"|could we|can i|could i|may i|let's|lets|let us|i want you to|i need you to|i'd like you to|i want to"
    r"|i would like to"
    r"|i'd like to|i need to|i wanna|we can|you can|do) "
)
AFTER = re.compile(
    r" (?:please|pls|plz|thanks|thank you|now|right now|for me|then|bot|already|sir|mate|man|immediately|actually"
    r"|instead|at once|ok|okay)$"
)
"""Politeness around a core, one word or phrase at a time; the core is in single spaces."""
RESTART_WITHIN = re.compile(
    r"\b(?:start|begin) (?:all )?(?:over|from (?:scratch|the (?:start|beginning)))\b(?! (?:the|my|a)\b)"
)
RECAP_WITHIN = re.compile(
    r"\b(?:summari[sz]e|recap|sum up|summary of)\b.{0,20}\b(?:so far|everything|we have|until now|my answers)\b"
)
_AGAIN = r"(?: (?:again|once again|once more|one more time))"
_THAT = (
    r"(?:that|it|this|me|(?:that|the|your)(?: last)? (?:question|part|message)"
    r"|what (?:you|was) (?:just )?(?:said|asked)|yourself)"
)
REPEAT_ASKED = re.compile(
    rf"(?:repeat|say|ask|tell|give|hear|show)(?: me| to me)?(?: {_THAT}){{1,2}}{_AGAIN}|repeat {_THAT}(?: to me)?"
    rf"|what(?: question)? (?:did|have) you (?:just )?(?:say|said|ask|asked)(?: me)?{_AGAIN}?"
    rf"|what was (?:that|it|the|that question|the question|your question|said){_AGAIN}?"
    r"|i (?:didn't|did not|couldn't|could not)(?: quite)? (?:hear|catch|get|understand|follow) (?:you|that|it"
    r"|what you (?:said|asked))"
    r"|could (?:that|you) be repeated"
)
_DROPPED = (
    r"(?:it|that|this|them|everything|all(?: of (?:it|that|this|them))?|here|there"
    r"|(?:the |this |that |my )?(?:(?:current|last|previous|whole|entire|present) )?"
    r"(?:process|procedure|operation|request|action|task|command|conversation|chat|talk|transaction|thing)"
    r"|what(?:ever)? (?:i|you|we) (?:just )?(?:said|asked|are doing|were doing|doing|started))"
)
CANCEL_ASKED = re.compile(
    r"(?:(?:i repeat|i said|again|how (?:do|can|would) (?:i|you|we)|what(?:'s|s| is) the (?:procedure|process|way"
    r"|command) (?:to|for)"
    r"|i want (?:you )?to|i'd like (?:you )?to|i need (?:you )?to|i wish to|you need to|you should|you must|let's"
    r"|lets) )*"
    r"(?:(?:cancel|abort|discontinue|halt|cease|disregard|nix|quit|stop|end|kill|scrap|break off|call off"
    r"|back out(?: of)?|opt out(?: of)?|get rid of|abandon|annul|nullify|rescind|desist|eliminate|undo|bail(?: out)?"
    r"|cease and desist|abort mission|give up|pull the plug(?: on)?"
    r"|(?:make|put) (?:a )?(?:stop|end)(?: to)?)(?:ing|l?ing)?"
    rf"(?: {_DROPPED})?|(?:drop|forget(?: about)?|undo|delete|erase|dismiss|ignore|cut|leave|terminate"
    rf"|void|withdraw|revoke|retract|suspend|scratch|discard|ditch|trash|toss|remove|clear|wipe|strike|reverse|revert"
    rf"|close|exit|bin|never ?mind|call off|skip) {_DROPPED})"
    r"(?: (?:immediately|at once|right away|this instant|anyway|from happening))?"
    r"|(?:don't|do not|dont|no need to|stop) (?:go any further|finish(?: (?:it|that|this))?|go through with (?:it"
    r"|that|this)|talk|speak|say|continue|proceed|go on|do|go ahead|bother)(?:ing)?"
    r"(?: (?:it|that|this|anything|a word|to me|with (?:it|that|this)))?(?: (?:any ?more|any further|any longer"
    r"|again|else))?"
    r"|(?:please )?(?:shut up|be quiet|hush|silence|that's enough|enough|zip it|knock it off|cut it out"
    r"|leave me alone|no more(?: talking)?|(?:i want|let me) out"
    r"|i'm done(?: (?:here|with (?:it|this|that)))?|stop right there|make it stop)"
    r"|i (?:changed|have changed|'ve changed) my mind|i take (?:it|that) back|take that back|(?:i'm )?(?:not"
    r"|no longer) interested(?: any ?more| in (?:this|that|it))?"
    r"|(?:whoa|hey),? stop|hold it(?: right there)?|get me out(?: of (?:here|this|it))?|i'm out"
    r"|call the whole thing off"
    r"|stop what(?:ever)? you(?: are|'re) doing|enough of (?:this|that)|pay no attention to (?:it|that|this)"
    r"|i (?:do not|don't) (?:wish|want) to (?:continue|go on|proceed)|i no longer (?:want|need) (?:it|that"
    r"|this)"
    r"|i (?:don't|do not) want (?:it|that|this|to do (?:it|that|this)|to continue|to go on|to proceed)(?: any ?more"
    r"| any longer)?"
)
_TOPICS = (
    r"(?:kinds?|types?|sorts?|topics?|subjects?|categor(?:y|ies)|things?|questions?|areas?|tasks?|stuff|services?"
    r"|information"
    r"|commands?|options?|skills?|abilit(?:y|ies)|capabilit(?:y|ies)|features?|functions?)"
)
_OFFERED = (
    r"(?:can|could|may|should|do|does|are|am|would|you|i|we|to|able|allowed|capable|of|ask|asking|answer|answering"
    r"|say|know"
    r"|knowledgeable|help|helping|cover|handle|tell|talk|chat|discuss|understand|familiar|specialize|provide|offer"
    r"|assist"
    r"|support|good|best|trained|expert|at|in|with|about|on|for|me|the|a|an|ai|bot|assistant|here|this|that|have|your"
    r"|my|all|any)"
)
HELP_ASKED = re.compile(
    r"(?:(?:can|could|would|will) (?:you|i) (?:please )?(?:tell|show|give|explain|get|have|see)(?: to)?(?: me"
    r"| us)?(?: some| a list of)? ?)?"
    rf"(?:what(?:'s|s| is| are)?(?: all)?|which|how many|list|some|give me|tell me|name|show me)(?: of)?(?: (?:the"
    rf"|some|all|your|other"
    rf"|different|various|possible|kinds?|types?|sorts?|of|a|few|example|main|are|is))*(?: {_TOPICS})+(?: {_OFFERED})+"
    rf"|(?:can|could|do|are|will) (?:you|i) (?:{_OFFERED} )*(?:all|any|every|what|which|different|many"
    rf"|other)(?: (?:of|the|other|different))*"
    rf"(?: {_TOPICS})(?: of)?(?: {_TOPICS}| {_OFFERED})*"
    r"|(?:can|could) you (?:please )?tell me what (?:i (?:can|could|may|should)|you (?:can|do|know|are able to))"
    rf"(?: {_OFFERED})*|"
    r"(?:tell me )?what(?: all)?(?: (?!if\b)\w{1,12}){0,6} (?:can|may|could|should|am|are)(?: i| you)"
    r"(?: (?:able|allowed|capable|familiar|good|trained)(?: to| of| with| at)?)?"
    r"(?: (?:ask|asking|answer|answering|do|doing|and|talk|say|know|help|cover|handle|you|me|the|ai|with"
    r"|about|on|for|questions))*"
    r"|(?:tell me )?(?:what|which)(?: all)? (?:kinds?|types?|sorts?|topics?|subjects?|categories|things"
    r"|questions|areas)"
    r"(?: \w{1,12}){0,6} (?:can i|can you|could i|do you|are you|you|i can|you can)"
    r"(?: (?:ask|answer|do|know|help|cover|handle|able|to|you|me|the|ai|with|about|on|for|questions|familiar))*"
)
_BACK_TO = re.compile(
    r"^\W{0,4}(?:(?:please|ok|okay|no|wait|actually|sorry|can we|could we|can you|could you|can i|let's"
    r"|let us|i want to"
    r"|i'd like to|i would like to|i need to|let me)[\s,]{1,3}){0,4}(?:(?:go|take me|get|jump|return"
    r"|switch) )?back to\s"
    r"(?:(?:the|my|our|that|this)\s)?(?P<to>[^,.;!?\n]{2,80}?)"
    r"(?P<then>\s{0,2}(?:[,.;!?\n]\s{0,2}|$)(?:(?:and|then|please)\s){0,2}|\s(?:(?:and|then|please|instead)(?:\s"
    r"|$)){1,3})"
)
_JOINS = (
    r"\s{0,3}(?:[,.;:!-]|\.\.\.|…){1,4}\s{0,3}(?:(?:and|then|but|just)\b)?\s{0,2}"
    r"|\s{1,3}(?:and|then|instead|but)\s{1,3}"
)
_LOOSE = r"\s{1,3}(?=(?:i|i'm|i'd|let's|lets|show|can|could|what|how|why|just|please)\b)"


def back_to(folded: str) -> tuple[int, int, int] | None:
    """Of "go back to the order number, and ...": start and end of the place named, and where the rest begins."""
    m = _BACK_TO.match(folded)
    return (m.start("to"), m.end("to"), m.end()) if m else None


def leaving(folded: str) -> int | None:
    """Where the rest begins of a message that first leaves something: "stop that, show my bill" (R53)."""
    m = _leaving().match(folded)
    return m.end() if m else None


@cache
def _leaving() -> re.Pattern[str]:
    heads = "|".join(map(re.escape, LEAVING))
    loose = "|".join(re.escape(head) for head in LEAVING if " " in head or head in {"nevermind", "nvm"})
    return re.compile(
        rf"^\W{{0,4}}(?:(?:ok|okay|no|oh|wait|actually|please|sorry|well)[\s,.]{{1,3}}){{0,3}}"
        rf"(?:(?:{heads})\b(?:{_JOINS})|(?:{loose})\b(?:{_LOOSE}))"
    )
