"""What the environment may say, and how an operator is told what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import SettingsError
from gateway.settings import Environment, LogFormat, Settings, TelegramMode

TOKEN = "123456:" + "canary-of-a-bot-token"
SECRET = "canary-of-a-webhook-secret"
TELEGRAM = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": "https://desk.example"}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with it, sentence by sentence; none may hold a secret."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ)
    assert "canary" not in str(raised.value)
    return raised.value.problems


def test_an_empty_environment_is_a_desk_without_keys() -> None:
    settings = Settings.load({})
    assert settings.env is Environment.DEVELOPMENT
    assert settings.data_dir == Path("data")
    assert settings.telegram_bot_token is None
    assert settings.playground


def test_names_that_this_version_does_not_know_are_ignored() -> None:
    Settings.load({"ZENDESK_EMAIL": "x", "OTEL_RESOURCE_ATTRIBUTES": "'x'", "HOME": "\n"})


def test_the_environment_of_this_process_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_ENV", "production")
    monkeypatch.setenv("frontdesk_env", "production")
    assert Settings.load({}).env is Environment.DEVELOPMENT


def test_F39_several_problems_are_told_at_once_each_by_its_name() -> None:
    found = problems({
        "FRONTDESK_ENV": "prod",
        "PUBLIC_URL": "desk.example",
        "TELEGRAM_WEBHOOK_SECRET": "canary with blanks",
        "TELEGRAM_MODE": "push",
        "WEB_ORIGINS": "*",
        "ADMIN_TOKEN": "canary",
        "FLOWS_DIR": "/nowhere/at/all",
        "FRONTDESK_DATA_DIR": " ",
    })  # fmt: skip
    assert sorted(sentence.split()[0] for sentence in found) == [
        "ADMIN_TOKEN",
        "FLOWS_DIR",
        "FRONTDESK_DATA_DIR",
        "FRONTDESK_ENV",
        "PUBLIC_URL",
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_MODE",
        "TELEGRAM_WEBHOOK_SECRET",
        "WEB_ORIGINS",
    ]
    assert "FRONTDESK_ENV is none of the values it may have; use 'development', 'production' or 'test'" in found


NAMES = sorted(str(field.validation_alias) for field in Settings.model_fields.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is blank"),
        (" \t", "is blank"),
        ('"canary"', "stands in quotes"),
        ("'canary'", "stands in quotes"),
        ("‘canary’", "stands in quotes"),
        ("canary\ncanary", "holds a line break"),
        ("canary\x00", "holds a control character"),
        ("canary ", "begins or ends with white space"),
    ],
)
def test_F39_a_blank_quoted_or_broken_value_is_refused_for_every_variable(name: str, text: str, fault: str) -> None:
    told = [sentence for sentence in problems({name: text}) if sentence.startswith(f"{name} {fault}")]
    assert len(told) == 1
    assert ";" in told[0], "a remedy follows"


@pytest.mark.parametrize("name", Settings.SECRET)
@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_C9_a_blank_secret_stops_the_start_also_from_a_file(name: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(text + "\n")
    assert any(sentence.startswith(f"{name} is blank") for sentence in problems({name: text}))
    assert any(
        sentence.startswith(f"{name} (from {name}_FILE) is blank") for sentence in problems({f"{name}_FILE": str(file)})
    )


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_X72_a_secret_may_stand_in_a_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "token"
    file.write_bytes((TOKEN + ending).encode())
    settings = Settings.load({"TELEGRAM_BOT_TOKEN_FILE": str(file)})
    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert TOKEN in settings.secrets()


@pytest.mark.parametrize("name", Settings.SECRET)
def test_X72_a_secret_set_twice_is_an_error(name: str, tmp_path: Path) -> None:
    assert f"{name} and {name}_FILE are both set; keep one of them" in problems(
        {name: "x", f"{name}_FILE": str(tmp_path)}
    )


def test_X72_a_file_that_cannot_be_read_is_an_error_that_does_not_show_what_was_given(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"x" * 100_000)
    faults = {
        SECRET: "cannot be read (No such file or directory)",
        str(tmp_path): "cannot be read (Is a directory)",
        str(tmp_path / "binary"): "names a file that is not UTF-8 text",
        str(tmp_path / "large"): "names a file that cannot be meant (holds more than 16384 bytes)",
        "\x00": "names a file that cannot be meant (embedded null byte)",
    }
    for path, fault in faults.items():
        (sentence,) = problems({"ADMIN_TOKEN_FILE": path})
        assert sentence == f"ADMIN_TOKEN_FILE {fault}; give the path of a file that holds only the secret"


def test_F39_a_webhook_secret_without_a_token_is_half_a_channel() -> None:
    (sentence,) = problems({"TELEGRAM_WEBHOOK_SECRET": SECRET})
    assert sentence.startswith("TELEGRAM_BOT_TOKEN is not set though TELEGRAM_WEBHOOK_SECRET is")


@pytest.mark.parametrize("more", [{"PUBLIC_URL": "https://desk.example"}, {"TELEGRAM_MODE": "webhook"}])
def test_F39_webhooks_without_their_secret_are_half_a_channel(more: dict[str, str]) -> None:
    assert any(
        s.startswith("TELEGRAM_WEBHOOK_SECRET is not set") for s in problems({"TELEGRAM_BOT_TOKEN": TOKEN, **more})
    )


def test_F39_webhooks_need_a_public_url() -> None:
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_MODE": "webhook"}
    (sentence,) = problems(given)
    assert sentence.startswith("PUBLIC_URL is not set; TELEGRAM_MODE=webhook needs it")


def test_a_faulty_value_is_not_also_told_to_be_missing() -> None:
    assert len(problems({**TELEGRAM, "TELEGRAM_WEBHOOK_SECRET": "canary canary"})) == 1
    assert len(problems({**TELEGRAM, "TELEGRAM_BOT_TOKEN": ""})) == 1


def test_a_token_alone_is_enough_and_means_polling() -> None:
    assert Settings.load({"TELEGRAM_BOT_TOKEN": TOKEN}).telegram_mode is TelegramMode.POLLING
    assert Settings.load(TELEGRAM).telegram_mode is TelegramMode.WEBHOOK
    both = {"TELEGRAM_BOT_TOKEN": TOKEN, "PUBLIC_URL": "https://desk.example", "TELEGRAM_MODE": "polling"}
    assert Settings.load(both).telegram_mode is TelegramMode.POLLING


@pytest.mark.parametrize("token", ["canary", "123456:", ":canary", "x1:canary", "12:can ary", "١٢:canary"])
def test_F39_a_token_of_another_shape_is_refused(token: str) -> None:
    (sentence,) = problems({"TELEGRAM_BOT_TOKEN": token})
    assert sentence.startswith("TELEGRAM_BOT_TOKEN has the wrong shape")


@pytest.mark.parametrize("secret", ["canary canary", "canary!", "canäry", "c" * 257])
def test_C40_a_webhook_secret_that_telegram_would_not_take_is_refused(secret: str) -> None:
    (sentence,) = problems({**TELEGRAM, "TELEGRAM_WEBHOOK_SECRET": secret})
    assert sentence.startswith("TELEGRAM_WEBHOOK_SECRET has the wrong shape")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://desk.example", "https://desk.example"),
        ("https://desk.example/", "https://desk.example"),
        ("https://desk.example/front/", "https://desk.example/front"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_C5_a_public_url_may_have_a_path_and_loses_its_last_slash(given: str, kept: str) -> None:
    assert Settings.load({"PUBLIC_URL": given}).public_url == kept


@pytest.mark.parametrize(
    "url",
    ["desk.example", "ftp://desk.example", "https://", "https://desk.example?a=1", "https://desk.example/#x", "http://[::1",
     "https://desk.example?", "https://a:canary@desk.example", "https://desk.example:port", "https://desk .example"],
)  # fmt: skip
def test_F39_a_public_url_that_is_none_is_refused(url: str) -> None:
    (sentence,) = problems({"PUBLIC_URL": url})
    assert sentence.startswith("PUBLIC_URL ")


def test_C91_origins_are_a_list_with_commas() -> None:
    given = "https://Shop.example, http://localhost:3000/"
    assert Settings.load({"WEB_ORIGINS": given}).web_origins == ("https://shop.example", "http://localhost:3000")


@pytest.mark.parametrize("given", ["*", "https://shop.example/path", "https://shop.example,,", "null"])
def test_F39_an_origin_that_is_none_is_refused(given: str) -> None:
    (sentence,) = problems({"WEB_ORIGINS": given})
    assert sentence.startswith("WEB_ORIGINS ")


def test_X12_an_admin_token_is_long() -> None:
    assert len(problems({"ADMIN_TOKEN": "c" * 23})) == 1
    Settings.load({"ADMIN_TOKEN": "c" * 24})


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize("name", ["FRONTDESK_CLOCK", "FRONTDESK_FAILPOINT"])
def test_X15_clock_and_failpoints_exist_only_in_tests(env: str, name: str) -> None:
    value = {"FRONTDESK_CLOCK": "2026-03-01T09:00:00Z", "FRONTDESK_FAILPOINT": "received"}[name]
    assert problems({"FRONTDESK_ENV": env, name: value}) == (
        f"{name} is for tests only; remove it or set FRONTDESK_ENV=test",
    )  # fmt: skip
    Settings.load({"FRONTDESK_ENV": "test", name: value})


def test_F39_a_clock_or_failpoint_that_is_none_is_refused() -> None:
    found = problems({"FRONTDESK_ENV": "test", "FRONTDESK_CLOCK": "noon", "FRONTDESK_FAILPOINT": "lunch"})
    assert [sentence.split()[0] for sentence in found] == ["FRONTDESK_CLOCK", "FRONTDESK_FAILPOINT"]


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, True),
        ({"PUBLIC_URL": "http://localhost:8080"}, True),
        ({"PUBLIC_URL": "http://127.0.0.2"}, True),
        ({"PUBLIC_URL": "https://desk.example"}, False),
        ({"PUBLIC_URL": "https://localhost.example"}, False),
        ({"FRONTDESK_ENV": "production"}, False),
        ({"FRONTDESK_ENV": "production", "PUBLIC_URL": "http://localhost"}, False),
        ({"FRONTDESK_ENV": "test", "PUBLIC_URL": "https://desk.example"}, True),
    ],
)
def test_X14_the_playground_is_for_this_machine(environ: dict[str, str], shown: bool) -> None:
    assert Settings.load(environ).playground is shown


def test_logs_are_for_people_in_development_and_json_elsewhere() -> None:
    assert Settings.load({}).log_format is LogFormat.CONSOLE
    assert Settings.load({"FRONTDESK_ENV": "production"}).log_format is LogFormat.JSON
    assert Settings.load({"FRONTDESK_LOG_FORMAT": "json"}).log_format is LogFormat.JSON


def test_F34_no_representation_shows_a_secret_and_all_are_known_to_the_mask() -> None:
    redis = "redis://:canary@127.0.0.1:6379/0"
    settings = Settings.load({**TELEGRAM, "REDIS_URL": redis, "SHOP_API_KEY": "canary-of-a-flow", "PASSKEY": "short"})
    for shown in (repr(settings), str(settings), f"{settings.model_dump()}", settings.model_dump_json()):
        assert "canary" not in shown
    assert {TOKEN, SECRET, redis, "canary-of-a-flow"} <= set(settings.secrets())
    assert "short" not in settings.secrets()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load({}).public_url = "https://elsewhere.example"
