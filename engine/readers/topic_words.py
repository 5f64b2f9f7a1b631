"""Words by which customers and authors mean the same thing, and words that say nothing of what is asked for."""

from __future__ import annotations

from engine.readers.vocabulary import word_set

FILLERS = word_set(
    """
able allow allowed anyway approximately bit btw by the way certain chance concerning correct curious currently detail
details different exact explain far find general generally guy guys hear idea info information inform interested issue
kindly know matter normal normally otherwise particular per policies policy possible question questions
regarding regular regularly roughly rule rules situation sort specific standard stuff typical typically understand
usual usually valid way ways wonder wondering work works working guess think love appreciate quick quickly dear
item items product products article articles goods amount amounts period periods deadline deadlines morning afternoon
evening
"""
)
"""Said around a question; without subject, like the small words."""

COSTS = word_set(
    "cost costs price prices priced pricing fee fees charge charges charged free surcharge expensive cheap rate"
    " deduct deducts deducted deduction"
)
FAMILIES: tuple[frozenset[str], ...] = tuple(
    word_set(line)
    for line in (
        "ship ships shipped shipping shipment shipments deliver delivers delivered delivery deliveries parcel parcels"
        " package packages",
        "ship ships shipped shipping deliver delivers delivered delivery deliveries arrive arrives arrived arrival",
        "ship ships shipped shipping deliver delivers delivered delivery deliveries postage",
        " ".join(COSTS),
        "pay pays cost costs fee fees charge charges free",
        "open opens opened opening close closes closed closing hours",
        "shop store branch",
        "refund refunds refunded refunding reimburse reimbursed reimbursement money cash credit credits credited",
        "return returns returned returning",
        "pay pays paid payment payments paying",
        "warranty warranties guarantee guarantees guaranteed",
        "broken broke defective defect defects faulty fault faults damaged",
        "buy buys buying bought buyer buyers purchase purchases purchased order orders ordered",
        "exchange exchanges exchanged exchanging swap replace replaced replacement",
        "cancel cancels cancelled canceled cancelling cancellation",
        "phone telephone call calls",
        "email e-mail mail",
        "address located location",
        "discount discounts coupon coupons voucher vouchers promo",
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays"
        " saturdays sundays weekend weekends weekday weekdays tomorrow today daily",
        "box boxes package packages packaging",
        "login logins log sign signin sso",
        "gigabyte gigabytes gb",
        "megabyte megabytes mb",
        "customer customers client clients buyers",
        "partner partners reseller resellers",
        "suit suits suited suitable",
        "large larger largest big bigger biggest",
        "bill bills invoice invoices billing",
        "delete deletes deleted deletion erase remove removed",
        "account accounts profile",
        "accept accepts accepted take takes",
        "trial trials try demo",
        "music concert concerts gig gigs band bands",
        "sports sport game games match matches football baseball basketball soccer",
        "theater theatre play plays drama musical opera",
        "car cars vehicle vehicles auto",
        "flight flights plane airplane",
        "train trains rail railway",
        "bus buses coach",
        "apartment apartments flat flats condo",
        "economy coach",
    )
)
"""Families of words: each stands for the others, a little weaker than itself."""
