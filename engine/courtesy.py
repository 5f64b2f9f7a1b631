"""Words of courtesy and of telling: a line may add them to what its author says, for they say nothing by themselves."""

from __future__ import annotations

from engine.readers.small_words import SMALL_WORDS
from engine.readers.vocabulary import word_set
from engine.readers.words import stem, words

_COURTESY = word_set(
    """
absolutely ahead alright answer answers anytime apologies apologise apologize appreciate appreciated awesome bit
brief brilliant careful check checked checking chosen clear clearly complete completely confirm continue could course
day delighted detail details easy else enjoy enter everything excellent fantastic feel finally follow following form
friendly glad gladly go great happy helpful helping hear hesitate hi hold hope idea important information
kindly later leave letting little look looked looking looks lovely made matter mention message moment morning move
moved moving nice noted note open patience perfect pick picked piece pleasure please point proceed question quick
quickly ready reply recorded remember remove save saved send share short simple simply soon sort sorted splendid start
started step still stop stopped straight super support sure task team terrific thank time truly type understand
understood update updated welcome wish wonderful word words work worries worry wrote write written afraid evening
afternoon greetings goodbye bye answering choose choice option options list listed whenever happily changed change
switched switching seems shame pity entirely place currently present correct correctly right
able unable available earlier previous previously original instead value values once twice clarify try trying
recognise recognize recognised recognized find found locate located match matching matches valid reach reached
danke bitte gern gerne verstanden alles klar gut prima super vielen dank perfekt schön schon natürlich naturlich
ich wir sie ihnen das ist es und noch einen moment hallo notiert habe haben wurde jetzt nun dann
gracias por favor claro entendido perfecto genial muy bien de acuerdo estupendo hola con gusto un momento anotado he
ahora entonces
merci bien sûr sur parfait compris très tres d'accord entendu bonjour s'il vous plaît plait avec plaisir un instant
noté note j'ai c'est maintenant alors
grazie certo perfetto capito va bene benissimo ciao buongiorno per favore con piacere un attimo ho annotato ora allora
"""
)
PLAIN = SMALL_WORDS | frozenset(word.text for phrase in _COURTESY for word in words(phrase))
"""All of them, as readers compare words; they may stand in any line."""
PLAIN_STEMS = frozenset(stem(word) for word in PLAIN)
"""The same for every form of a word."""
