"""How people say yes, no, and neither; phrases in plain lower case, an apostrophe may be left out by the customer."""

from __future__ import annotations

from engine.readers.vocabulary import phrase_list, word_set

CLEAR_YES = phrase_list(
    """
yes|yea|yeah|yeh|yep|yup|yess|yesss|yah|ya|ye|aye|yes sir|yes ma'am|sure thing|sure|of course|certainly|definitely
absolutely|affirmative|indeed|confirmed|agreed|agree|i agree|i confirm|please do|please proceed|proceed|go ahead
go for it|by all means|you bet|you got it|that works|that'll work|that will work|that would work|that'd work
it works for me|works for me|that will do|that'll do|why not|let's do it|let's do that|let's do this|let's go ahead
i'd like that|i would like that|i'd love that|i would love that|fair enough|no problem|that's no problem|no worries
no objection|no objections|no doubt|without a doubt|for sure|fine with me|fine by me|ok with me|okay with me
good with me|i'm fine with|i'm ok with|i'm okay with|i'm happy with|i'm good with|i am fine with|i am ok with
i am okay with|i accept|that's it exactly|exactly right|exactly correct|all correct|i do indeed|i don't mind
i do not mind|don't mind|i wouldn't mind
yepp|yup yup|uh huh|mhm|mm hmm|roger|roger that|bingo|spot on|you betcha|you know it|true that|for real|count me in
i'm in
most definitely|most certainly|positively|naturally|very much so|by all accounts|without question|no question|affirm
that's the plan|that is the plan|that's the idea|that makes sense|makes sense|that's a yes|that is a yes|it's a yes
that's a fact|that is a fact|it's a fact|i can confirm|i do confirm|i second that|so it is|let's roll|go right ahead
you may|you can do that|feel free|be my guest|do it please|please confirm|confirm it|confirm that|book it|approve it
that's what i want|that is what i want|that's what i need|that is what i need|that's the one|that is the one
let's go for it|let's book it|i sure do|no issue|no issues|i have no objection|i have no objections|not a problem
good to go
we're good to go|okey dokey|yas|that one is perfect|you are correct|you're correct|you are right|you're right
you got that right
"""
)
"""A yes whatever follows, as PRAISED is."""

LIGHT_YES = phrase_list(
    "ok|okay|okey|okie|alright|great|cool|good|perfect|fine|right|sounds good|that's fine|it's fine"
)
"""A yes that a no behind it outweighs: "ok, no thanks"."""

BRIEF_YES = phrase_list(
    """
correct|right|true|exactly|good|great|fine|perfect|cool|nice|awesome|excellent|lovely|wonderful|brilliant|confirm
do it|do that|do so|it is|that is|it does|i do|i would|i am|i will|we do|y|k|kk|yy|please|totally|ok|okay|okey|okie
okie dokie|alright|all right|all good|gladly|deal|accepted|approved|precisely|that one|this one|let's go
reserve it|buy it|ideal|facts|valid|accurate|i did|i was|i have|they are|we are|it was|that was|okie doke|righto
got it|you've got it|i'll take it|i'll take that|i'll have it|i'll have that|i want it|i want that one|let's have it
i'd love to|i would love to|i'd like to|i would like to|i'd be happy to|100%
"""
)
"""A yes only when the thought ends there: "right" is one, "right now I am at work" is not."""

CLEAR_NO = phrase_list(
    """
nope|nah|naw|nay|noo|nooo|no no|negative|no way|no thanks|no thank you|no thx|no need|no more|hell no|heck no|god no
hell nah|not really|not now|not right now|not yet|not today|not at the moment|not at this time|not at the present time
not at all|not this time|not for now|not for me|not that one|not this one|not quite|not exactly|not correct|not right
not true|not ok|not okay|not necessary|not needed|not interested|not happening|not that i know of|certainly not
definitely not|absolutely not|of course not|surely not|i don't think so|i do not think so|don't think so|i think not
i'm afraid not|i guess not|i'd rather not|i would rather not|rather not|i'd prefer not|i would prefer not
i prefer not|i refuse|i decline|i disagree|disagree|i don't|i do not|i didn't|i did not|i haven't|i have not|i can't
i cannot|i wouldn't|i would not|i won't|i will not|i'm not|i am not|we don't|we do not|please don't|please do not
don't|do not|it isn't|it is not|it's not|that's not|that isn't|that is not|this isn't|this is not|that's wrong
that is wrong|it's wrong|this is wrong|that's incorrect|that is incorrect|it's incorrect|that's false|that is false
it's false|that won't|it doesn't|that doesn't|it won't|nothing else|nothing more|nothing for now|nothing|that's all
that is all|that'll be all|that will be all|that would be all|that's it|that'll be it|that will be it|this is all
that's everything|i'm all set|i am all set|we're all set|we are all set|i'm done|i am done|we're done|there's no need
there is no need
you got it wrong|you've got it wrong|you misunderstood|you misheard|noooo|nooooo|noooooo|i'm set|all set|i'm good
i am good|we're good|hold off|let's not|never
nothin|negatory|no siree|nay|nix|no chance|not a chance|fat chance|no can do|denied|that's a no|that is a no|it's a no
that's a negative|that is a negative|not even close|not in the slightest|not in the least|nothing like that|never ever
that is not it|that's not it|that's untrue|that is untrue|it's untrue|that is a lie|that's a lie|not the case|i reject
that is not the case|that's not the case|i never said that|i never did|i never|it wasn't|it was not|that wasn't
that was not|it hasn't|it has not|hasn't|i object|i oppose|i deny|couldn't be more wrong|i'll pass|i will pass
under no circumstances|by no means|none of them|neither|you're wrong|you are wrong|hard pass
"""
)
"""A no whatever follows."""

BRIEF_NO = phrase_list(
    "n|nn|na|nopes|untrue|invalid|deny|decline|reject|wrong|incorrect|false|none|later|another time"
    "|some other time|not|wrong one"
)
"""A no only when the thought ends there."""

FLAT_NO = word_set("no nope nah")
"""Against a plain yes these leave nothing sure: "yes no"."""

UNSURE = phrase_list(
    """
maybe|perhaps|possibly|probably|presumably|not sure|i'm not sure|i am not sure|not too sure|i'm not really sure
i'm unsure|unsure|uncertain|not certain|i'm not certain|i am not certain|i think so|i believe so|think so|i guess
i suppose|i think yes|guess so|suppose so|i hope so|dunno|i dunno|don't know|i don't know|i do not know
i don't really know|i really don't know|idk|no idea|i have no idea|no clue|i have no clue|hard to say|hard to tell
it's hard to say|can't say|i can't say|can't tell|i can't tell|i cannot tell|i couldn't say|could be|might be|it might
search me|i'm on the fence|on the fence|i'm torn|it's possible|that's possible|it is possible|unclear|it's unclear
i haven't decided|i have not decided|haven't decided|undetermined|i couldn't tell you|couldn't tell you|can't be sure
i can't be sure|i'm not positive|not positive|your guess is as good as mine|remains to be seen|i'm not too sure
it may|it could be|it depends|depends|that depends|either|whatever|doesn't matter|who knows|beats me|kind of|sort of
let me think|i can't remember|i don't remember|i do not remember|not 100%|more or less|i'm clueless|i am clueless
i'm not 100%|i'm undecided|undecided|i wonder|i'm uncertain|i am uncertain|i can't decide|yes and no|yes or no
"""
)
"""Neither (R25)."""

FOREIGN_YES = {
    "de": ("ja", "jawohl", "genau"), "fr": ("oui", "ouais", "d'accord"), "es": ("si", "claro", "vale"),
    "it": ("si", "certo", "va bene"), "pt": ("sim", "claro"), "nl": ("ja", "jazeker", "klopt"),
}  # fmt: skip
FOREIGN_NO = {"de": ("nein", "nee"), "fr": ("non",), "es": ("no",), "it": ("no",), "pt": ("nao",), "nl": ("nee",)}
"""By language, accents removed; read besides the English ones."""

SIGNS_YES = frozenset("👍👌✅☑✔🆗🙆💯🤙")
SIGNS_NO = frozenset("👎❌🚫🙅✖✗⛔")
SIGNS_UNSURE = frozenset("🤷🤔😕")

AFTER_NO = word_set(
    """
change cancel leave keep stop use book send reserve add remove pay put show tell give find look choose pick want
thanks thank ty thx sir mam maam madam dear mate man bro cancelled wrong incorrect nevermind none
"""
)
"""What may follow a bare "no" besides small words; any other word makes it "no signal", which is no answer."""
NOT_AFTER_NO = word_set("one longer matter such signal idea clue")

CLOSING = (
    *("that's all", "that is all", "that'll be all", "that will be all", "that would be all", "this is all"),
    *("that's it", "that'll be it", "that will be it", "that's everything"),
)
"""Beginnings of a no that only says that there is nothing more to say."""
