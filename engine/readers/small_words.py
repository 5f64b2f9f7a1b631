"""Words that carry no subject of their own: never a name, and no evidence of what a message is about."""

from __future__ import annotations

from engine.readers.vocabulary import word_set

SMALL_WORDS = word_set(
    """
a about above actually after again against ago all almost already also always am an and another any anybody
anyone anything are aren't around as ask at away back be because been before being below between both but by
can can't cannot come could couldn't did didn't do does doesn't doing don't done dont down during each either
else enough even ever every everything exactly few fine first for found from get getting give go goes going
gonna good got had has hasn't have haven't having he he'd he'll he's hello help her here here's hers hey hi
him his hmm how how's i i'd i'll i'm i've if im in instead into is isn't it it'd it'll it's its itself just
keep kind know last let let's lets like likely lot make many may maybe me mean meant might mine more most much
must my myself need needed needs never next no nobody none nope nor not nothing now of off ok okay on once one
ones only or other our ours out over own perhaps please pls possible put quite rather really right said same
say see seem seems several shall she should shouldn't show since skip so some somebody someone something
somewhere sorry still such sure take tell than thank thanks that that's thats the their theirs them then there
there's these they they're thing things think this those though through till to today told too took try trying
u under unsure until up upon us use used very wait wanna want wanted wants was wasn't way we we'd we'll we're
we've well went were what what's whatever when where whether which while who who's whom whose why will with
within without won't would wouldn't yeah yep yes yet you you'd you'll you're you've your yours
"""
)
