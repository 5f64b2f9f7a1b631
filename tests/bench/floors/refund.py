"""The refund by hand: a look-up, two confirmations, one call at the end."""

from __future__ import annotations

import re

from tests.bench.floors.talk import YES_NO, Asking, Memory, Said, keyboard_of

ORDER = re.compile(r"ORD-\d{5}")
REASONS = keyboard_of("defective", "wrong_item", "other")


async def refund(memory: Memory, text: str, asking: Asking) -> Said:
    """The next step of it."""
    match memory["at"], text.lower():
        case "new", _ if "refund" in text.lower():
            memory["at"] = "order"
            return "Which order number is it?", None
        case "order", _ if found := ORDER.search(text.upper()):
            answer = await asking.get(f"/orders/{found[0]}")
            memory |= {"at": "confirm", "order": found[0], "item": answer["item"], "amount": f"${answer['amount']}"}
            return f"Order {found[0]}: {memory['item']}, {memory['amount']}. Is that the right one?", YES_NO
        case "confirm", "yes":
            memory["at"] = "reason"
            return "Why are you sending it back?", REASONS
        case "reason", "broken":
            memory |= {"at": "sure", "reason": "defective"}
            return f"Shall we refund {memory['amount']} for {memory['item']} now?", YES_NO
        case "sure", "yes":
            order = memory["order"]
            await asking.post("/refunds", {"order_number": order, "reason": memory["reason"]}, order)
            memory["at"] = "new"
            return f"Your refund of {memory['amount']} for {order} has been submitted.", None
        case _:
            return "I did not understand that.", None
