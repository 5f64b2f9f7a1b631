"""What Frontdesk says by itself: the default English wording of every line, by key.

`desk.yaml` and a flow may override each under `lines:`. `{names}` are filled in; anything else stands as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "got": "Got it: {values}.",
    "got_value": "{label} {value}",
    "and_more": "and {n} more",
    "changed": "Changed {label}: {old} → {new}.",
    "skipped": "Skipped.",
    "none_noted": "All right, no {label}.",
    "not_usable": "I can't use that as {label}.",
    "yes_or_no": "Is that a yes or a no?",
    "which_of": "Which one is it: {options}?",
    "just_send": "Just send the {label}, or write “never mind” to stop.",
    "kept_old": "{reason} I kept {old}. Send another, or go on.",
    "alternatives": "I still can't use that. You can {ways}.",
    "alternatives_short": "That does not help me either. You can {ways}.",
    "way_person": "talk to a person",
    "way_pick": "pick from the list",
    "way_skip": "skip it",
    "way_again": "try once more",
    "way_stop": "write “never mind” to stop",
    "please_type": "I can only read text here. Could you type it, please?",
    "too_long": "That is more than I can read at once ({max} characters). Could you put it shorter?",
    "time_is": "It is {time}.",
    "date_is": "Today is {date}.",
    "cannot_help": "I can't help with that here.",
    "need_it": "I need it to go on with {task}.",
    "help": "I can help with: {titles}. Write “back”, “repeat”, “start over” or “never mind” at any time.",
    "help_in_run": "We are at: {task}. Write “back”, “repeat”, “start over” or “never mind” at any time.",
    "return_to": "Going back to {task}: {question}",
    "hello": "Hello!",
    "welcome": "You're welcome.",
    "goodbye": "Goodbye!",
    "menu": "I can help with: {titles}. What would you like to do?",
    "which_task": "Which of these do you mean?",
    "something_else": "something else",
    "not_understood": "Sorry, I did not understand that.",
    "nothing_offered": "There is nothing I can help with yet.",
    "first_this": "Sure, {new} first. I'll keep {old} open.",
    "back_to": "Back to {task}: {question}",
    "stack_full": "That is too much at once. Let us finish {top} first; then I'll start {new}.",
    "stopped": "Stopped {task}. {done}",
    "nothing_done": "Nothing was done.",
    "was_done": "What was already done stays done.",
    "nothing_open": "Nothing is open.",
    "required": "I need the {label} to go on. {why}",
    "back_question": "Back to: {question} (you said {old})",
    "back_plain": "Back to: {question}",
    "at_first": "This is the first question.",
    "restart_sure": "Start {task} again from the beginning? Your answers so far would be lost.",
    "restarted": "All right, from the beginning.",
    "kept_going": "All right, we go on.",
    "went_wrong": "Something went wrong on my side. Nothing more was done.",
    "cannot_reach": "I can't reach {what} right now. Try again in a little while, or write “never mind” to stop.",
    "already_done": "That is already done, so I can't change it any more.",
    "unknown_effect": "I sent it but got no clear answer: I can't say whether it went through. A person has to check.",
    "no_person": "This needs a person, and there is nobody I can hand it to yet. Nothing more was done.",
    "person_instead": "Or write “talk to a person”.",
    "offer_person": "Shall I get a person?",
    "connecting": "I'm connecting you with a person. You can keep writing. To go on with me instead, write BOT.",
    "way_back": "Go on with the assistant",
    "usual_wait": "It usually takes about {minutes} min.",
    "parked": "The team is back at {time} and will answer here. Meanwhile I can still help.",
    "opening_again": "The team is back at {time} and will answer here. You are noted; I can help until then.",
    "in_line": "You are in line for a person; your reference is {reference}. Meanwhile I can still help.",
    "still_waiting": "Everybody is still busy, sorry. You are in line, and your reference is {reference}.",
    "talking_with": "You're now talking with {agent}.",
    "moving": "Moving you to {queue}.",
    "back_with_bot": "You're back with the assistant.",
    "going_on": "All right, let's go on.",
    "closing": "",
    "nobody_came": "Sorry, nobody could take this yet. Your reference is {reference}; we will write to you here.",
    "still_there": "Are you still there? Just write when you want to go on.",
    "with_person_again": "I've told {agent}, who will answer here.",
    "desk_away": "I can't reach the team right now. Nothing is lost: they will answer here. Reference: {reference}.",
    "still_needed": "Do you still need a person?",
    "no_person_here": "There is no person I can connect you with here yet.",
    "improved": "We improved this form; I kept your answers.",
    "flow_gone": "We no longer offer {task} here, so I stopped it. {done}",
    "gave_up": "I could not help you with that, sorry. I stopped {task}. {done}",
    "stale_option": "That choice belongs to an earlier question.",
}

_NAME = re.compile(r"\{([a-z_]+)\}")


def fill(line: str, values: Mapping[str, object]) -> str:
    """Put values into a line; a `{name}` without a value stays as written."""
    return _NAME.sub(lambda found: str(values.get(found[1], found[0])), line)
