"""What names a model, and how an operator is told what of it is missing (F39, DESIGN 9)."""

from __future__ import annotations

import pytest

from engine.errors import SettingsError
from engine.model import Phrasing, Understanding
from gateway.settings import Settings

MODEL = {"OPENAI_API_KEY": "canary-of-a-model-key", "OPENAI_MODEL": "careful-reader-1"}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with it, sentence by sentence; none may hold the key."""
    with pytest.raises(SettingsError) as raised:
        Settings.load(environ)
    assert "canary" not in str(raised.value)
    return raised.value.problems


def test_a_key_and_a_name_are_a_model_that_is_asked_when_needed() -> None:
    settings = Settings.load(MODEL)
    assert settings.understanding is Understanding.AUTO
    assert settings.openai_base_url == "https://api.openai.com/v1"
    assert MODEL["OPENAI_API_KEY"] in settings.secrets()
    assert "canary" not in repr(settings)


def test_X54_what_a_model_may_cost_has_a_cap_for_each_person_and_none_for_the_desk() -> None:
    usual = Settings.load(MODEL)
    assert (usual.model_person_daily_tokens, usual.model_daily_tokens, usual.model_concurrency) == (200_000, 0, 64)
    given = {"MODEL_PERSON_DAILY_TOKENS": "off", "MODEL_DAILY_TOKENS": "2000000", "MODEL_CONCURRENCY": "4"}
    settings = Settings.load(MODEL | given)
    assert settings.model_person_daily_tokens == 0
    assert settings.model_daily_tokens == 2_000_000
    assert settings.model_concurrency == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [("MODEL_DAILY_TOKENS", "-1"), ("MODEL_PERSON_DAILY_TOKENS", "many"), ("MODEL_CONCURRENCY", "0")],
)
def test_F39_a_cap_that_is_none_is_told_with_its_remedy(name: str, value: str) -> None:
    (sentence,) = problems(MODEL | {name: value})
    assert sentence.startswith(f"{name} is no number")
    assert "write" in sentence


def test_without_a_model_nothing_is_missing() -> None:
    assert Settings.load({}).openai_model is None
    assert Settings.load({"FRONTDESK_UNDERSTANDING": "auto"}).openai_api_key is None


@pytest.mark.parametrize("missing", MODEL)
def test_F39_half_a_model_names_what_is_missing(missing: str) -> None:
    (sentence,) = problems({name: value for name, value in MODEL.items() if name != missing})
    assert sentence.startswith(f"{missing} is not set though")


def test_F39_reading_every_message_needs_a_model() -> None:
    (sentence,) = problems({"FRONTDESK_UNDERSTANDING": "model"})
    assert "OPENAI_API_KEY is not set; FRONTDESK_UNDERSTANDING=model needs it" in sentence


@pytest.mark.parametrize("environ", [{"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": "x"}, {"OPENAI_MODEL": "' '"}])
def test_where_rules_read_alone_the_models_variables_are_not_looked_at(environ: dict[str, str]) -> None:
    settings = Settings.load({**environ, "FRONTDESK_UNDERSTANDING": "rules"})
    assert (settings.openai_api_key, settings.openai_model) == (None, None)


@pytest.mark.parametrize("url", ["ftp://models.example", "http://169.254.169.254/v1", "http://127.0.0.1:1/v1?key=1"])
def test_X42_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    (sentence,) = problems({**MODEL, "OPENAI_BASE_URL": url})
    assert sentence.startswith("OPENAI_BASE_URL")


def test_a_server_of_ones_own_may_be_near() -> None:
    assert Settings.load({**MODEL, "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/"}).openai_base_url.endswith("/v1")


def test_S34_a_key_and_a_name_for_embeddings_are_enough_for_knowledge() -> None:
    settings = Settings.load({"OPENAI_API_KEY": MODEL["OPENAI_API_KEY"], "OPENAI_EMBEDDING_MODEL": "near-1"})
    assert (settings.openai_embedding_model, settings.openai_model) == ("near-1", None)
    (sentence,) = problems({"OPENAI_EMBEDDING_MODEL": "near-1"})
    assert sentence.startswith("OPENAI_API_KEY is not set though OPENAI_EMBEDDING_MODEL is")


@pytest.mark.parametrize("floor", ["0", "1", "-1", "nan", "high"])
def test_S34_a_floor_lies_between_nothing_and_all(floor: str) -> None:
    (sentence,) = problems({**MODEL, "OPENAI_EMBEDDING_FLOOR": floor})
    assert sentence.startswith("OPENAI_EMBEDDING_FLOOR")


def test_F39_phrasing_by_a_model_needs_one() -> None:
    (sentence,) = problems({"FRONTDESK_PHRASING": "model"})
    assert "OPENAI_API_KEY is not set; FRONTDESK_PHRASING=model needs it" in sentence


def test_a_model_may_phrase_where_rules_read_alone() -> None:
    settings = Settings.load({**MODEL, "FRONTDESK_UNDERSTANDING": "rules", "FRONTDESK_PHRASING": "model"})
    assert (settings.phrasing, settings.openai_model) == (Phrasing.MODEL, MODEL["OPENAI_MODEL"])
    assert settings.asks_a_model


def test_phrasing_by_anybody_else_is_refused() -> None:
    assert problems({"FRONTDESK_PHRASING": "poet"})
