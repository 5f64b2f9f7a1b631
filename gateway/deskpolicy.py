"""How this desk works, from what the environment and desk.yaml say."""

from __future__ import annotations

from engine.desk import DeskDef
from gateway.settings import Settings
from handoff.hours import read_hours
from handoff.policy import DeskPolicy, Tickets


def desk_policy(settings: Settings, desk: DeskDef) -> DeskPolicy:
    """The desk's policy; where the environment says no hours, or no zone, desk.yaml's count.

    Raises HoursFault only for a desk.yaml that `frontdesk check` refuses.
    """
    return DeskPolicy(
        hours=read_hours(settings.handoff_hours or desk.hours, settings.handoff_timezone or desk.timezone),
        claim_sla_s=settings.handoff_claim_sla_s,
        expires_after_s=settings.handoff_expires_after_s,
        first_reply_sla_s=settings.handoff_first_reply_sla_s,
        agent_silent_s=settings.handoff_agent_silent_s,
        customer_reminder_s=settings.handoff_customer_reminder_s,
        customer_left_s=settings.handoff_customer_left_s,
        reopen_within_s=settings.handoff_reopen_within_s,
        slack_down_notice_s=settings.handoff_slack_down_notice_s,
        slack_down_ticket_s=settings.handoff_slack_down_ticket_s,
        reply_policy=settings.handoff_reply_policy,
        ticket=_ticket(settings),
        escalate_to=settings.handoff_escalate_to or "",
        team_language=settings.handoff_team_language,
        queues=tuple(queue for queue, _ in settings.handoff_slack_channels),
        aliases=dict(settings.handoff_agent_aliases),
        max_per_hour=settings.handoff_max_per_hour,
    )


def _ticket(settings: Settings) -> Tickets:
    """As set, and every case unless it says otherwise; none without a ticket system (H140)."""
    if settings.ticket_webhook_url is None:
        return Tickets.OFF
    return settings.handoff_ticket or Tickets.ALWAYS
