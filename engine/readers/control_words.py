"""What customers write to steer the conversation itself; whole messages in plain lower case, without politeness."""

from __future__ import annotations

from engine.readers.vocabulary import phrase_list

CANCEL = phrase_list(
    """
abort|abort it|abort that|abort this|call it off|cancel|cancel all|cancel everything|cancel it
cancel my request|cancel that|cancel the operation|cancel the request|cancel this|command cancel
do not bother|don't bother|drop it|drop that|drop this|end|end it|end this|exit|forget about it
forget about that|forget it|forget that|forget this|leave it|leave that|let it go|never mind|never mind it
never mind that|nevermind|nvm|quit|quit it|quit talking|quit that|quit this|scrap it|scrap that|stop
stop everything|stop here|stop it|stop talking|stop that|stop there|stop this
"""
)
SKIP = phrase_list(
    """
i prefer not to say|i'd prefer not to say|i'd rather not say|leave blank|leave it blank|leave it empty
move on|n a|next|next one|next question|not applicable|pass|pass on that|pass on this|prefer not to say
rather not say|skip|skip it|skip question|skip that|skip that one|skip that question|skip the question
skip this|skip this one|skip this question
"""
)
BACK = phrase_list(
    """
a step back|back|back one|back to the previous question|back up|go back|go back one|go back one step
go back to the previous question|go one step back|go to the previous question|last question|one step back
previous|previous question|previous step|step back|the previous question
"""
)
RESTART = phrase_list(
    """
all over again|back to the beginning|back to the start|begin again|begin from the beginning|do it all again
from scratch|from the beginning|from the start|go back to the beginning|go back to the start|over again
restart|restart it|start again|start all over|start all over again|start anew|start from scratch
start from the beginning|start from the start|start it over|start over|start this over
"""
)
REPEAT = phrase_list(
    """
again|ask again|ask it again|ask me again|ask me that again|ask that again|come again|didn't catch that
hear that again|huh|i didn't catch that|i didn't get that|i didn't hear that|i didn't hear you|i missed that
once again|once more|one more time|pardon|pardon me|repeat|repeat it|repeat please|repeat that
repeat the last question|repeat the last thing you said|repeat the options|repeat the question|repeat this
repeat what you just said|repeat what you said|repeat yourself|repeat yourself please|say again|say it again
say it one more time|say that again|say that once more|say that one more time|say what|show the options
tell me again|tell me one more time|tell me that again|tell me that one more time|what|what are my options
what are the options|what did you ask|what did you ask again|what did you ask me|what did you just say
what did you say|what did you say again|what is the question|what was that|what was that again
what was the question|what were the options|what's the question|which question|you said what
"""
)
RECAP = phrase_list(
    """
give me a recap|give me a summary|read it back|read that back|recap|recap so far|recap that
show me what you have|show my answers|so far|sum it up|sum up|summarise|summarise everything
summarise so far|summarise that|summarize|summarize everything|summarize so far|summarize that|summary
summary so far|what did i say so far|what did i tell you|what do you have so far|what have i said so far
what have i told you|what have i told you so far|what have you got|what have you got so far|where are we
where were we
"""
)
HELP = phrase_list(
    """
assist me|commands|help|help me|help me out|help needed|how do i use this|how do you work|how does it work
how does this work|i am lost|i don't know what to do|i need help|i need some help|i'm lost|main menu|menu
need help|need some help|show me the menu|show menu|show the menu|the menu|what all can i ask you
what are you able to do|what are you capable of|what are you good at|what can i ask|what can i ask you
what can i do|what can i do here|what can i say|what can i write|what can you do|what can you do for me
what can you help me with|what can you help with|what do you do|what do you know|what now
"""
)
HUMAN = phrase_list(
    """
a colleague|a human|a human being|a live agent|a live person|a manager|a person|a real agent|a real human
a real person|a representative|a supervisor|actual person|adviser|advisor|agent|agent please|an agent
an operator|call center|call centre|colleague|customer care|customer representative|customer service
customer support|handoff|help desk agent|human|human agent|human being|human handoff|human please
human support|live agent|live chat|live human|live operator|live person|live rep|live representative
live support|manager|operator|person|real agent|real human|real people|real person|rep|representative
service agent|service desk|someone real|speak human|supervisor|support agent|talk to human
"""
)
LEAVING = phrase_list(
    """
never mind|nevermind|nvm|forget about it|forget about that|forget it|forget that|forget this|drop it
drop that|drop this|stop it|stop that|stop this|cancel it|cancel that|cancel this|cancel everything
scrap that|scrap it|leave it|leave that|abort that|abort this|quit this|stop|cancel
"""
)
"""Words of CANCEL after which a customer may go on with something else in the same message (R53)."""
