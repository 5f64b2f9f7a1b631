"""Words of customer service: which mean much the same to a desk, and which change what is asked for."""

from __future__ import annotations

from functools import cache

from engine.readers.vocabulary import word_set
from engine.readers.words import stem

_KIN = """
money cash funds dollar buck amount sum
lose lost misplace missing gone
steal stole thief theft robbed pickpocket swiped taken
fraud fraudulent scam suspicious unauthorized unauthorised unrecognized fishy victim hacked strange unfamiliar \
compromised recognize
freeze froze block lock suspend hold pause disable halt
transfer send sent move wire put shift deposit
pay paid payment settle
apply application obtain signup enroll register
change update edit modify reset alter swap switch amend adjust correct
delete close terminate deactivate shut remove eliminate cancel end erase rid
cancel cancellation undo scrap nix void revoke forget drop scratch reverse revert abort rid remove
confirm confirmation verify check ensure double sure still
reserve reservation book table schedule
order buy bought purchase acquire
track status delivered delivery shipped shipment arrive arrival came come mail receive waiting package \
parcel eta
review rating opinion recommend recommendations critics feedback
hotel motel inn room suite accommodation lodging hostel airbnb resort
flight fly plane airplane airfare fare airline ticket
car vehicle suv truck van sedan auto ride rental rent hire
luggage bag baggage suitcase
travel trip visit vacation abroad
notify notification inform alert tell message contact
land arrive arrival depart departure board leave takeoff
refund reimburse reimbursement
address name details information email phone
account profile
card visa mastercard amex debit credit
bill invoice
balance amount total remaining available
pin passcode
restaurant diner steakhouse dinner eat
subscribe subscription membership member plan
complain complaint unhappy dissatisfied
password login username credentials
internet wifi connection network signal broadband
slow slowly speed lag
repair fix broken defective faulty technician
return exchange replace replacement swap
discount coupon promo voucher code
appointment visit session meeting
weather forecast rain temperature
recipe cook dish meal
calorie nutrition healthy
song music playlist
alarm wake timer
activate activation unlock enable
decline reject refuse fail
verify identity identification proof
withdraw withdrawal atm
currency convert conversion
interest apr
reward points bonus
schedule calendar event
insurance coverage policy
direction navigate route
tire oil mileage
"""
"""Families of words, one a line: whoever says one may have meant the others."""
_TURNING = word_set(
    """
accept activate activation adapter advisory alert apr atm battery busy calories charge checkbook checks code
contactless converter cook countries currencies damaged dangerous declined decrease define deposit directions
distance due exchange expiration expire extra fail fee gas healthy hear history hours idea identity improve increase
ingredient insurance interest joke jump language least lend limit link list loan long lower machine map maximum
meaning mileage minimum mortgage movie music nutrition oil outlet passport password payday pending pin play plug
point raise rate read reason recipe remind reminder report reward rollover routing safe safely safety
salary say score shot song spending spent statement stuck substitute suggest suggestion support tax temperature
timezone tire top topup traffic translate upgrade username vaccination vaccine verification virtual visa
wait weather why withdraw withdrawal wrong zone
    """
)
"""A message with one of these asks for something of its own: a flow that never uses it is hardly meant."""
_PALE = word_set(
    "put take sum amount mail name information details table room email phone card account visa amex still sure debit"
    " credit"
)
"""Words of a family that stand in any message, and turn none."""
QUIET = word_set(
    """
a the an of to for in on at and or i i'd i'm i've me my we our us you your please can could would will shall is it its
it's are be am do does this that so with hi hello hey help need want wish like if just some any as
from by up thanks thank
"""
)
"""Words that say nothing of what is asked for, not even a little; other small words ("when", "how") do."""


@cache
def kin_of() -> dict[str, frozenset[int]]:
    """The families of a stem, by their numbers."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_KIN.strip().splitlines()):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def topical() -> frozenset[str]:
    """Stems that are about something, unlike names, places and goods."""
    return frozenset(map(stem, _TURNING)) | kin_of().keys()


@cache
def turning() -> frozenset[str]:
    """Stems that make a message ask for something else than a flow that does not know them."""
    return topical() - frozenset(map(stem, _PALE))
