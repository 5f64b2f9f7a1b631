"""The desk's settings: how they become its policy, and how an operator is told what is wrong (H140-H142, F39)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.desk import DeskDef
from engine.errors import SettingsError
from gateway.deskpolicy import desk_policy
from gateway.settings import Settings
from handoff.hours import read_hours
from handoff.policy import DeskPolicy, ReplyPolicy, Tickets
from handoff.signing import signing_keys

CANARY = "whsec_" + base64.b64encode(b"canary, 24 bytes or more").decode()
HOOK = {"TICKET_WEBHOOK_URL": "https://tickets.example/hooks/1/?team=a", "TICKET_WEBHOOK_SECRET": CANARY}
DURATIONS = {
    "HANDOFF_CLAIM_SLA": ("claim_sla_s", 300.0),
    "HANDOFF_EXPIRES_AFTER": ("expires_after_s", 86_400.0),
    "HANDOFF_FIRST_REPLY_SLA": ("first_reply_sla_s", 600.0),
    "HANDOFF_AGENT_SILENT": ("agent_silent_s", 900.0),
    "HANDOFF_CUSTOMER_REMINDER": ("customer_reminder_s", 86_400.0),
    "HANDOFF_CUSTOMER_LEFT": ("customer_left_s", 259_200.0),
    "HANDOFF_REOPEN_WITHIN": ("reopen_within_s", 86_400.0),
    "HANDOFF_SLACK_DOWN_NOTICE": ("slack_down_notice_s", 120.0),
    "HANDOFF_SLACK_DOWN_TICKET": ("slack_down_ticket_s", 600.0),
}
"""Of each timer: the policy's field, and its default by the specification."""


def policy(environ: Mapping[str, str], desk: DeskDef | None = None) -> DeskPolicy:
    """The policy of a desk with this environment."""
    return desk_policy(Settings.load(environ), desk or DeskDef())


def problems(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with it, sentence by sentence; no value may be shown."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ)
    assert "canary" not in str(raised.value)
    assert base64.b64encode(b"canary").decode()[:7] not in str(raised.value)
    return raised.value.problems


def test_a_desk_that_nobody_configured_has_the_specified_policy() -> None:
    assert policy({}) == DeskPolicy()
    assert policy({}).ticket is Tickets.OFF
    assert {name: getattr(policy({}), field) for name, (field, _) in DURATIONS.items()} == {
        name: default for name, (_, default) in DURATIONS.items()
    }


@pytest.mark.parametrize("name", DURATIONS)
@pytest.mark.parametrize(("text", "seconds"), [("7m", 420.0), ("1h 30m", 5400.0), ("90", 90.0), ("1.5", 1.5)])
def test_every_timer_is_written_like_a_flows_and_a_bare_number_is_seconds(name: str, text: str, seconds: float) -> None:
    others = {field for field, _ in DURATIONS.values()} - {DURATIONS[name][0]}
    made = policy({name: text})
    assert getattr(made, DURATIONS[name][0]) == seconds
    assert all(getattr(made, field) == getattr(DeskPolicy(), field) for field in others)


@pytest.mark.parametrize("name", DURATIONS)
@pytest.mark.parametrize("text", ["canary", "5 canaries", "-5m", "1h30", "366d", "9" * 400, "1e3", "inf"])
def test_F39_what_is_no_duration_is_told_with_its_remedy(name: str, text: str) -> None:
    (sentence,) = problems({name: text})
    assert sentence.startswith(f"{name} is ")
    assert "write" in sentence.partition(";")[2]


def test_F39_a_timer_of_no_time_is_refused_where_it_would_not_mean_never() -> None:
    never = "HANDOFF_REOPEN_WITHIN"
    refused = problems(dict.fromkeys(DURATIONS, "0m"))
    assert sorted(sentence.split()[0] for sentence in refused) == sorted(DURATIONS.keys() - {never})
    assert policy({never: "0"}).reopen_within_s == 0.0


def test_a_desk_with_every_setting_has_all_of_them_in_its_policy() -> None:
    made = policy(HOOK | {
        "HANDOFF_HOURS": "Mon-Fri 09:00-17:00; Sat 10:00-14:00",
        "HANDOFF_TIMEZONE": "Europe/Berlin",
        "HANDOFF_ESCALATE_TO": "S0123ABCD",
        "HANDOFF_AGENT_ALIASES": "U1:Anna, U2:Tom from billing",
        "HANDOFF_TEAM_LANGUAGE": "de",
        "HANDOFF_TICKET": "fallback",
        "HANDOFF_MAX_PER_HOUR": "40",
        "HANDOFF_REPLY_POLICY": "explicit",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "HANDOFF_SLACK_CHANNELS": "billing:C1X,tech:C2X",
        "HANDOFF_SLACK_AGENTS": "U1",
    })  # fmt: skip
    assert made == DeskPolicy(
        hours=read_hours("Mon-Fri 09:00-17:00; Sat 10:00-14:00", "Europe/Berlin"),
        escalate_to="S0123ABCD",
        aliases={"U1": "Anna", "U2": "Tom from billing"},
        team_language="de",
        ticket=Tickets.FALLBACK,
        max_per_hour=40,
        reply_policy=ReplyPolicy.EXPLICIT,
        queues=("billing", "tech"),
    )


def test_the_environments_hours_and_zone_each_go_before_the_desk_files() -> None:
    desk = DeskDef(hours="Mon-Fri 08:00-16:00", timezone="America/New_York")
    assert policy({}, desk).hours == read_hours("Mon-Fri 08:00-16:00", "America/New_York")
    hours, zone = {"HANDOFF_HOURS": "Sat 09:00-12:00"}, {"HANDOFF_TIMEZONE": "Europe/Berlin"}
    assert policy(hours, desk).hours == read_hours("Sat 09:00-12:00", "America/New_York")
    assert policy(zone, desk).hours == read_hours("Mon-Fri 08:00-16:00", "Europe/Berlin")
    assert policy(hours | zone, desk).hours == read_hours("Sat 09:00-12:00", "Europe/Berlin")


def test_no_hours_anywhere_are_always_open() -> None:
    assert policy({"HANDOFF_TIMEZONE": "Europe/Berlin"}).hours.open_at(datetime(2026, 3, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("HANDOFF_HOURS", "canary", "has a part that is no opening time"),
        ("HANDOFF_HOURS", "Mon-Fri 09:00-17:00; Sat 10-14", "has a part that is no opening time"),
        ("HANDOFF_HOURS", "Mon 09:00-24:30", "has a part that holds a time after 24:00"),
        ("HANDOFF_HOURS", "Canary 09:00-17:00", "has a part that is no day of the week"),
        ("HANDOFF_HOURS", ";", "has a part that names no opening time"),
        ("HANDOFF_TIMEZONE", "canary/town", "is no time zone"),
        ("HANDOFF_TIMEZONE", "../canary", "is no time zone"),
        ("HANDOFF_ESCALATE_TO", "#canary", "has the wrong shape"),
        ("HANDOFF_ESCALATE_TO", "U0123ABCD", "has the wrong shape"),
        ("HANDOFF_AGENT_ALIASES", "canary", "does not name agents"),
        ("HANDOFF_AGENT_ALIASES", "U1:", "does not name agents"),
        ("HANDOFF_AGENT_ALIASES", "U1:Anna,", "does not name agents"),
        ("HANDOFF_AGENT_ALIASES", "U1:canary@desk.example", "does not name agents"),
        ("HANDOFF_AGENT_ALIASES", "U1:Anna,U1:canary", "names an agent twice"),
        ("HANDOFF_TEAM_LANGUAGE", "Canary!", "has the wrong shape"),
        ("HANDOFF_TICKET", "canary", "is none of the values it may have"),
        ("HANDOFF_MAX_PER_HOUR", "canary", "is no number from 1"),
        ("HANDOFF_MAX_PER_HOUR", "0", "is no number from 1"),
        ("HANDOFF_CLAIM_SLA", "8d", "is outside what works"),
        ("TICKET_WEBHOOK_URL", "canary", "is not an http(s) address"),
        ("TICKET_WEBHOOK_URL", "ftp://canary.example", "is not an http(s) address"),
        ("TICKET_WEBHOOK_URL", "https://me:canary@tickets.example", "holds a user name or password"),
        ("TICKET_WEBHOOK_URL", "https://tickets.example/#canary", "has a fragment"),
        ("TICKET_WEBHOOK_URL", "https://tickets.example/kanarienvögel", "holds a character beyond ASCII"),
        ("TICKET_WEBHOOK_SECRET", "canary", "holds something that does not begin with whsec_"),
        ("TICKET_WEBHOOK_SECRET", "whsec_canary", "holds a secret that is not base64"),
        ("TICKET_WEBHOOK_SECRET", "whsec_Y2FuYXJ5", "holds a secret of 6 bytes"),
        ("TICKET_WEBHOOK_SECRET", f"{CANARY}, canary", "holds something that does not begin with whsec_"),
    ],
)
def test_F39_a_wrong_value_is_told_with_its_fault_and_the_remedy(name: str, value: str, fault: str) -> None:
    (sentence,) = problems({**HOOK, name: value})
    assert sentence.startswith(f"{name} {fault}")
    assert ";" in sentence, "a remedy follows"


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "0xa9fea9fe", "2852039166", "169.254.169.254."],
)
def test_X42_tickets_go_to_no_link_local_address(host: str) -> None:
    (sentence,) = problems({**HOOK, "TICKET_WEBHOOK_URL": f"http://{host}/latest"})
    assert sentence.startswith("TICKET_WEBHOOK_URL is a link-local address;")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "http://10.0.0.7/",
        "http://[::1]:9",
        "http://tickets",
        "https://hooks.example/1/2/?a=b%2F",
    ],
)
def test_X42_tickets_may_go_to_an_inside_system_and_the_address_is_kept_to_the_letter(url: str) -> None:
    assert Settings.load({**HOOK, "TICKET_WEBHOOK_URL": url}).ticket_webhook_url == url


@pytest.mark.parametrize(
    ("given", "ticket"),
    [
        ({}, Tickets.OFF),
        ({"HANDOFF_TICKET": "fallback"}, Tickets.OFF),
        (HOOK, Tickets.ALWAYS),
        ({**HOOK, "HANDOFF_TICKET": "always"}, Tickets.ALWAYS),
        ({**HOOK, "HANDOFF_TICKET": "fallback"}, Tickets.FALLBACK),
        ({**HOOK, "HANDOFF_TICKET": "off"}, Tickets.OFF),
    ],
)
def test_H140_every_case_is_a_ticket_once_there_is_a_system_and_none_without(
    given: Mapping[str, str], ticket: Tickets
) -> None:
    assert policy(given).ticket is ticket


@pytest.mark.parametrize("missing", HOOK)
def test_F39_half_a_ticket_system_names_what_is_missing(missing: str) -> None:
    (sentence,) = problems({name: value for name, value in HOOK.items() if name != missing})
    assert sentence.startswith(f"{missing} is not set though TICKET_WEBHOOK_")


def test_F39_a_ticket_of_every_case_needs_somewhere_to_go() -> None:
    (sentence,) = problems({"HANDOFF_TICKET": "always"})
    assert sentence.startswith("TICKET_WEBHOOK_URL is not set though HANDOFF_TICKET=always")


def test_X72_the_tickets_secrets_may_stand_in_a_file_and_each_of_them_is_masked(tmp_path: Path) -> None:
    other = "whsec_" + base64.b64encode(b"?>" * 16).decode()
    file = tmp_path / "secret"
    file.write_text(f"{CANARY} {other}\n")
    settings = Settings.load(
        {
            "TICKET_WEBHOOK_URL": HOOK["TICKET_WEBHOOK_URL"],
            "TICKET_WEBHOOK_SECRET_FILE": str(file),
        }
    )
    assert settings.ticket_webhook_secret is not None
    assert signing_keys(settings.ticket_webhook_secret.get_secret_value()) == (
        b"canary, 24 bytes or more", b"?>" * 16,
    )  # fmt: skip
    assert {CANARY, other} <= set(settings.secrets())
    assert CANARY not in repr(settings)
