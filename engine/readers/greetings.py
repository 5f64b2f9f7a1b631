"""Greetings, thanks and goodbyes that are a whole message (S6)."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from engine.readers.vocabulary import phrase_list
from engine.readers.words import only

Greeting = Literal["greeting", "thanks", "goodbye"]

_MAX_WORDS = 16
_GREETING = """
hi|hii+|hello|hallo|hullo|hey+|heya|hiya|howdy|yo|greetings|hola|bonjour|namaste|aloha|hello there|hi there
hey there|salutations
good morning|good afternoon|good evening|good day|good day to you|morning|afternoon|evening|gday|g'day
how are you|how are you doing|how're you|how r u|how are u|how do you do|how is it going|how's it going
hows it going|how are things
how's everything|how ya doin|how ya doing|how have you been|how is your day|how's your day|how's your day going
how are you today
how is your day going|how's life|how's it hanging|what's up|whats up|wassup|wazzup|sup|what is up|what's new
what's happening
nice to meet you|pleased to meet you|tell me how are you|how goes it|how is everything|how you doing|how you been
hi again|hello again
are you there|anyone there|anybody there|you there|is anyone there
"""
_THANKS = """
thanks|thank you|thank u|thankyou|thx|thnx|ty|tysm|tyvm|cheers|ta|many thanks|thanks a lot|thanks a bunch
thanks a million|thanks so much
thank you so much|thank you very much|thank you kindly|thanks very much|much appreciated|appreciated
greatly appreciated|i appreciate it
i appreciate that|i appreciate your help|appreciate it|appreciate that|appreciate your help|this is much appreciated
that's much appreciated
i'm grateful|i am grateful|so grateful|very grateful|you've been very helpful|you have been very helpful
you've been helpful|you were very helpful
you are very helpful|you're very helpful|that was helpful|that's helpful|that was very helpful|you have been helpful
very helpful|so helpful
thanks for your help|thank you for your help|thanks for the help|thank you for the help|thanks for helping
thank you for helping me
thanks for your time|thank you for your time|thanks for that|thank you for that|thanks for everything
thank you for everything|thanks for the info
you've helped me|you've been a big help|you've been a great help|special thanks
you have my gratitude|you have my sincere gratitude|gracias|merci|danke|you're the best|you are the best
you're a star|you rock|i thank you
"""
_GOODBYE = """
bye|bye bye|byebye|goodbye|good bye|cya|see ya|see you|see you later|see ya later|see you soon|see you around
see you tomorrow|later|laters
take care|farewell|good night|goodnight|nite|have a good day|have a nice day|have a great day|have a good one
have a great one|have a nice one
have a good evening|have a nice evening|have a good night|have a good weekend|have a nice weekend
have a wonderful day|have a lovely day
talk to you later|talk later|speak to you later|speak soon|talk to you soon|ttyl|until next time|catch you later
so long|ciao|adios|au revoir
tschuss|cheerio|toodles|peace out|peace|i'm leaving|i am leaving|i'm leaving now|i am leaving now|i have to go
i've got to go|gotta go|got to go
i need to go|i must go|time to go|signing off|i'm off|that's goodbye|goodbye for now|bye for now|nice talking to you
it was nice talking to you
it was nice talking with you|it was nice chatting with you|nice chatting with you|it was nice to talk to you
it was nice speaking with you
it was lovely to speak with you|this was a nice chat|this was a nice conversation|i enjoyed our talk|i enjoyed our chat
i enjoyed our conversation|great talking to you|good talking to you|nice speaking with you|it was a pleasure
until later|til next time
"""
_FILLERS = """
ok|okay|oh|ah|well|and|so|very|much|again|today|everyone|everybody|all|guys|team|sir|madam|mam|ma'am|bot|robot|ai|assistant
friend|buddy|mate|man|my|dear|for|now|then|that|is|great|perfect|good|cool|wonderful|awesome|excellent|really|you|too|doing
there|to|the|a|have|nice|just|alright|please|i see|got it|wow|yay|lol|haha|no worries|it|this|fine|day|one|with|of
"""
_FREELY_THANKED = (
    r"thank(?:s| you)(?: so much| very much| a lot)? for (?!nothing)(?:\w+ ){0,3}\w+"
    r"|i'?m (?:very |so |really )?(?:grateful|thankful)(?: for your help)?"
    r"|i (?:really |do |so )?appreciate (?:you|your|it|that|the)(?: \w+){0,2}"
)
_RANK: tuple[Greeting, ...] = ("goodbye", "thanks", "greeting")


def read_greeting(text: str) -> Greeting | None:
    """What a message is that is nothing but courtesy; of several kinds the one that ends: goodbye, thanks, greeting."""
    bare = only(text)
    if not bare or bare.count(" ") >= _MAX_WORDS:
        return None
    seen, at = set(), 0
    while at < len(bare):
        m = _courtesy().match(bare, at)
        if m is None:
            return None
        seen.add(m.lastgroup)
        at = m.end() + 1
    return next((kind for kind in _RANK if kind in seen), None)


@cache
def _courtesy() -> re.Pattern[str]:
    """The longest phrase at a place, by kind; the last kind only fills."""
    kinds = {"goodbye": _GOODBYE, "thanks": _THANKS, "greeting": _GREETING, "filler": _FILLERS}
    free = {"thanks": (_FREELY_THANKED,)}
    parts = []
    for kind, listed in kinds.items():
        phrases = sorted((phrase.replace("'", "'?") for phrase in phrase_list(listed)), key=len, reverse=True)
        parts.append(rf"(?P<{kind}>(?:{'|'.join((*free.get(kind, ()), *phrases))})(?![\w']))")
    return re.compile("|".join(parts))
