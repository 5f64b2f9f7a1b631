"""Yes, no and neither in sentences that do not begin with such a word: "a shared ride is fine with me"."""

from __future__ import annotations

import re

_GOOD = r"(?:fine|ok|okay|good|great|perfect|nice|lovely|alright|all right)"
_NOT = r"(?:don'?t|do not|didn'?t|did not|doesn'?t)"

PRAISED = (
    r"(?:(?:that|it|everything|this)(?:'?s| is| looks| sounds| seems| would be| will be|'d be|'ll be)"
    r"|(?:all|they) (?:is|are)|they'?re|looks|sounds|seems|would be|will be)"
    r"(?: all| just| absolutely| exactly| very| totally| quite| really| perfectly){0,2}"
    r" (?:right|correct|fine|good|great|perfect|ok|okay|true|nice|lovely|wonderful|excellent|awesome|accurate|alright"
    r"|cool|confirmed)"
)
"""A yes at the start of a message: "that sounds great", "it's all correct"."""
YES_WITHIN = re.compile(
    r"\b(?:i'm|i am|i'd be|i would be|we're|we'd be|i can be) (?:totally |just |perfectly |very )?"
    r"(?:fine|ok|okay|good|happy|cool|comfortable) with\b|"
    rf"\b(?:sounds?|looks?|seems?) (?:like a plan\b|{_GOOD}\b|right\b|correct\b)"
    rf"|\b(?:is|are|be|am|i'm|that's|it's|they're) (?:perfectly |totally |all |very |just )?(?:{_GOOD}|happy|cool)"
    r" (?:with|by|for) (?:me|us|it|that)\b"
    r"|\b(?:is|are|it's|that's) (?:indeed |absolutely |definitely |all )?"
    r"(?:true|correct|right|accurate|affirmative|exact)\b"
    r"|\bthat(?:'?s| is| was) (?:exactly |precisely |just )?(?:my request|what i (?:asked for|wanted|want|meant))\b"
    r"|\bworks (?:well |fine |great )?for (?:me|us)\b|\bplease (?:do|go ahead|proceed|continue|confirm)\b"
    r"|\bi (?:do )?(?:agree|confirm|accept)\b|\b(?:i'd|i would) (?:love|like|be happy with) (?:that|it)\b(?! (?:at"
    r"|on|in|for|to|from)\b)"
    r"|\b(?:it|that|they|this) (?:surely|certainly|definitely|sure|absolutely|most certainly|indeed) (?:is|does|was"
    r"|are|do)\b"
    r"|\b(?:true|correct|accurate|factual) (?:statement|answer|fact)\b|\bgo ahead (?:and|with)\b"
    r"|\b(?:yes|yep|yeah|affirmative)\W{0,4}$"
)
YES_AT_ONCE = re.compile(
    r"\W{0,4}(?:please |ok |okay |then )?(?:make|place|complete|finali[sz]e|submit|go through with|do) (?:the|my"
    r"|this|that)"
    r" (?:reservation|booking|order|payment|purchase|appointment|transfer|transaction)(?: please| for me| now)?\W{0,4}$"
)
"""Whoever says what is to be done agrees: "make the reservation please"."""
NO_AT_ONCE = re.compile(
    r"\W{0,4}(?:(?:that's|it's|this is|that is|you have|you've got) )?(?:the )?wrong \w{2,15}\W{0,4}$"
)
NO_WITHIN = re.compile(
    r"\b(?:not|isn'?t|aren'?t|wasn'?t) (?:at all |quite |really )?"
    r"(?:right|correct|true|interested|accurate|ok|okay|fine|necessary|needed|what i|the right|the one)\b"
    rf"|\b{_NOT} (?:really |actually )?(?:want|need|think so|agree|like|wish|care for)\b"
    r"|\b(?:won'?t|will not) be (?:necessary|needed)\b|\b(?:wrong|incorrect|false|untrue)\W{0,4}$|\brather not\b"
    r"|\b(?:i'd|i would) say no\b|\b(?:answer|response) (?:is|would be) no\b|\bby no means\b"
    r"|\b(?:false|untrue|incorrect|wrong|inaccurate) (?:statement|answer)\b|\b(?:is|was|be) (?:false|untrue|a lie)\b"
    r"|\b(?:i'd|i would|i'll|i will|i) have to (?:say no|decline|disagree)\b"
    r"|\bno(?:,? thanks?(?: you)?)?\W{0,4}$"
)
UNSURE_WITHIN = re.compile(
    r"\b(?:not|isn'?t|ain'?t) (?:\w{1,8} )?(?:sure|certain|positive)\b|\bdunno\b|\bmaybe\b"
    r"|\b(?:no|any|an) (?:idea|clue)\b|\b(?:could|might|may) be\b|\b(?:un(?:sure|certain|decided))\b"
    rf"|\b{_NOT} (?:really )?(?:know|remember)\b|\b(?:hard|difficult|tough) to (?:say|tell|know)\b"
    r"|\b(?:can'?t|cannot|couldn'?t) (?:really )?(?:say|tell|answer|remember|decide)\b"
    r"|\b(?:don'?t|do not|can'?t|cannot) (?:have|give)\b[^.;!?\n]{0,20}\b(?:information|info|answer)\b"
)
REVISED = re.compile(
    r"^\W{0,4}(?:(?:um+|uh+|er+|oh|well|ok|okay|hi|please|but|and)\b\W{0,4}){0,3}"
    r"(?:(?:actually|sorry|on second thoughts?|correction|wait|(?:hold|hang) on(?=.{0,3}\w)|oops|scratch that|rather"
    r"|i (?:actually|meant))\b"
    r"|i(?: changed| have changed|'ve changed) my mind\b|i (?:wanted|asked for|said)\b(?! yes| ok)"
    r"|(?:i'd|i would) (?:rather have|rather|prefer)\b(?! not)|(?:a |an )?(?:different|another) \w+|something (?:else"
    r"|different)\b"
    r"|(?:it|that|the \w{2,12}(?: of \w{2,12})?) (?:should|needs to|has to|was supposed to) be\b"
    r"|(?:please |can you |could you |can we |could we |let's |i'd like to |i want to |i need to )?"
    r"(?:change|make|switch|move|update|set|correct|amend|modify|adjust|reschedule) (?:it|that|this|them|the"
    r"|my)\b(?! (?:sure|(?:reservation|booking|order|payment|purchase|appointment|transfer)\W{0,3}(?:$|please|now"
    r"|for me))))"
    r"|\b(?:instead|rather)\b(?! of\b)(?! than\b)\W{0,4}(?:please\W{0,3}|thanks\W{0,3})?$"
    r"|^\W{0,4}(?:can|could|would|will) (?:you|we) (?:please )?\w+ it (?:on|at|in|for|to|from|with)\b"
)
"""Something else is wanted than was shown: a correction, which to a confirmation is a no (DESIGN 4)."""
NEVER_BOTHERS = re.compile(r"\b(?:wouldn'?t|won'?t|doesn'?t|does not) (?:bother|matter to|be a problem for)\b")
"""A denial that is a yes: "a shared ride wouldn't bother me"."""
