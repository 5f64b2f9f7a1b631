"""The refund flow of DESIGN section 3 as data, for pictures of it."""

from __future__ import annotations

from engine.flow import ActionDef, Branch, FlowDef, HandoffDef, SlotDef, SlotType, StateDef, StateKind

_STATES = (
    StateDef(name="start", kind=StateKind.ASK, slot="order_number", next="lookup_order"),
    StateDef(
        name="lookup_order",
        kind=StateKind.ACTION,
        action="lookup_order_details",
        branches=(
            Branch(label="found", next="confirm_item"),
            Branch(label="not_found", next="order_not_found"),
            Branch(label="already_refunded", next="already_refunded"),
        ),
        on_error="handoff",
    ),
    StateDef(
        name="confirm_item",
        kind=StateKind.ASK,
        slot="confirmed",
        branches=(Branch(label="yes", next="check_amount"), Branch(label="no", next="start")),
    ),
    StateDef(
        name="check_amount",
        kind=StateKind.CHOICE,
        branches=(Branch(when="amount > 200", next="needs_approval"), Branch(next="select_reason")),
    ),
    StateDef(
        name="needs_approval",
        kind=StateKind.HANDOFF,
        handoff=HandoffDef(reason="refund_over_limit", queue="billing"),
    ),
    StateDef(name="select_reason", kind=StateKind.ASK, slot="reason", next="process_refund"),
    StateDef(
        name="process_refund",
        kind=StateKind.ACTION,
        action="submit_refund",
        branches=(Branch(label="done", next="confirmation"), Branch(label="declined", next="already_refunded")),
        on_error="handoff",
    ),
    StateDef(name="confirmation", kind=StateKind.TERMINAL),
    StateDef(name="order_not_found", kind=StateKind.SAY, next="start"),
    StateDef(name="already_refunded", kind=StateKind.TERMINAL),
)

REFUND = FlowDef(
    name="refund",
    title="Refund an order",
    slots={
        "order_number": SlotDef(name="order_number"),
        "confirmed": SlotDef(name="confirmed", type=SlotType.BOOLEAN, ask_only=True),
        "reason": SlotDef(name="reason", type=SlotType.ENUM),
    },
    actions={
        "lookup_order_details": ActionDef(name="lookup_order_details"),
        "submit_refund": ActionDef(name="submit_refund", irreversible=True),
    },
    states={state.name: state for state in _STATES},
)
