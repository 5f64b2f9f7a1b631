"""Does a text speak to a machine rather than to a desk? It stays ordinary text; it is only pointed out (S24)."""

from __future__ import annotations

import re
from functools import cache

from engine.readers.vocabulary import phrase_list
from engine.readers.words import clip, plain

_AWAY_WITH = """
ignore|ignor|disregard|forget|override|bypass|overrule|drop|delete|ignorier*|vergiss|vergesst|missacht*|umgeh*
ignora|ignorar|ignores|ignore|olvida*|omite|saltate|oublie*|ignorez|contourne*|dimentica*|trascura*|ignori|esqueca*
"""
_RULES = """
instruction*|rule*|guideline*|prompt*|programming|restriction*|directive*|safeguard*|safety|guardrail*|polic*
anweisung*|regel*|vorgabe*|richtlinie*|instruccion*|regla*|norma*|directriz|directrices|consigne*|regle*|directive*
istruzion*|regol*|direttiv*|instruc*|regra*
"""
_SAYINGS = r"""
you are now (?:an?|the|in|free|no longer) |from now on you(?:'re| are| will| must)|pretend (?:to be|you are|that you)
act as (?:if you|an?|the|my) (?:\w+ )?(?:admin\w*|developer|system|manager|root|assistant|model|ai|dan|agent|bot)
developer mode|debug mode|god mode|jailbr\w+|dan mode|system (?:prompt|message|override)|your (?:system )?prompt
(?:reveal|print|show|repeat|output|leak|tell) (?:me )?(?:all )?(?:your|the) (?:\w+ )?(?:instructions|prompt|rules)
repeat (?:everything|the words|the text|all) above|new instructions?:|end of (?:prompt|system|instructions)|tool_calls?
the customer (?:has )?(?:said|says|confirmed|agreed)|as the (?:admin|administrator|developer)
transition ?: ?\w|next_state
du bist (?:jetzt|nun|ab jetzt) (?:ein\w*|der|die|kein\w*)|tu so als|verhalte dich wie
zeig\w* (?:mir )?(?:deine|ihre) anweisungen
ahora eres|actua como|finge (?:ser|que)|modo desarrollador|muestra\w* (?:tus|sus) instrucciones
tu es maintenant|vous etes maintenant un|agis comme|fais semblant|mode developpeur|affiche\w* (?:tes|vos) instructions
adesso sei|ora sei un|agisci come|fai finta|modalita sviluppatore|mostra\w* (?:le tue|le sue) istruzioni
agora voce e|aja como|finja
"""
_LABEL = r"^\W{0,4}(?:system|assistant|bot|agent|developer|ai|support|user|human)\W{0,3}:|(?:^|[.!?;]\s{0,3})system ?:"
_MARKUP = r"<\|\w+\|>|\[/?inst\]|<</?sys>>|</?(?:system|instructions?|prompt)>|^#{2,} ?(?:instruction|system|response)"
_TAGS = re.compile("[\U000e0000-\U000e007f]")
"""Unicode's Tag characters, which nobody sees and some models read."""
_BETWEEN = r"\W+(?:\w+\W+){0,5}?"


def instructs(text: str) -> bool:
    """Is it meant for a model: an order to leave its rules, a part to play, a transcript that was never said?"""
    text = clip(text)
    return bool(_TAGS.search(text) or _orders().search(plain(text)))


@cache
def _orders() -> re.Pattern[str]:
    away, rules = _any(_AWAY_WITH), _any(_RULES)
    sayings = "|".join(rf"\b(?:{saying})" for saying in _SAYINGS.strip().splitlines())
    return re.compile(rf"\b{away}{_BETWEEN}{rules}\b|{sayings}|{_LABEL}|{_MARKUP}", re.MULTILINE)


def _any(listed: str) -> str:
    endings = [phrase.replace("*", r"\w*") for phrase in phrase_list(listed)]
    return f"(?:{'|'.join(endings)})"
