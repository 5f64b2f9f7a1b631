"""What Slack's refusals mean at the desk: the error ladder of spec/handoff.md section 4 (H64)."""

from __future__ import annotations

from engine.errors import DeliveryError
from engine.message import Reach, Receipt, Refused, Retry, Unknown

PROBE_S = 300.0
"""A channel that refuses posts is tried again after this (H64)."""

_ACCOUNT = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"}
)
_CLOSED = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
_FORBIDDEN = "restricted_action"
_LOCKED = "restricted_action_thread_locked"
_GONE = frozenset(
    {"thread_not_found", "message_not_found", "cannot_reply_to_message", "cant_update_message", "edit_window_closed"}
)
_TOO_LARGE = frozenset({"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "metadata_too_large"})
"""Slack docs, Web API: errors of chat.postMessage and chat.update."""


def closed(error: DeliveryError) -> bool:
    """Does the channel take no post of ours?"""
    code = error.code
    return code in _CLOSED or (code.startswith(_FORBIDDEN) and code != _LOCKED)


def gone(error: DeliveryError) -> bool:
    """Is the thread, or the message, not there any more or not ours to change?"""
    return error.code in _GONE or error.code == _LOCKED


def too_large(error: DeliveryError) -> bool:
    """May less of the same be taken?"""
    return error.code in _TOO_LARGE


def final(error: DeliveryError) -> bool:
    """Is it refused for good, and our account not concerned?"""
    return isinstance(error.receipt, Refused) and error.receipt.reach is not Reach.ACCOUNT


def receipt_of(error: DeliveryError) -> Receipt:
    """What it means for a row of the desk: no customer's address is ever concerned, and nothing is lost for a channel
    that is closed."""
    if error.code in _ACCOUNT:
        return Refused(reason=error.code, reach=Reach.ACCOUNT)
    if closed(error):
        return Retry(reason=f"{error.code}: the desk's channel takes no posts; invite the app to it", after_s=PROBE_S)
    return Refused(reason=str(error)) if isinstance(error.receipt, Refused) else error.receipt


def repeatable(error: DeliveryError) -> DeliveryError:
    """The same of a call that does no harm when it is made twice: what may have happened may simply be asked again."""
    if isinstance(error.receipt, Unknown):
        return DeliveryError(str(error), Retry(reason=str(error)), code=error.code)
    return error
