"""What an action sends: customers' values stay values, in the path, the query, the headers and the body."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.actions import ActionCall, ActionResult
from engine.flow import HttpDef
from engine.message import USER_AGENT
from tests.gateway.action_shop import BASE, Shop, http, open_shop, python

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("ORD-12345", "ORD-12345"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("//evil.example", "%2F%2Fevil.example"),
        ("a?b=c&d", "a%3Fb%3Dc%26d"),
        ("a#b", "a%23b"),
        ("x@evil.example", "x%40evil.example"),
        ("%2e%2e%2f", "%252e%252e%252f"),
        ("a b\r\nX-Evil: 1", "a%20b%0D%0AX-Evil%3A%201"),
        ("Zoë", "Zo%C3%AB"),
        ("{{ order }}", "%7B%7B%20order%20%7D%7D"),
        (True, "true"),
        (12, "12"),
    ],
)
async def test_X41_a_value_stays_one_part_of_the_path(shop: Shop, value: object, sent: str) -> None:
    await shop.act(http(), order=value)
    assert shop.targets == [f"/orders/{sent}"]
    assert [asked.header("x-evil") for asked in shop.double.asked] == [[]]


async def test_X41_a_value_stays_one_value_of_the_query(shop: Shop) -> None:
    definition = HttpDef(method="GET", url=BASE + "/find?q={{ order }}&who={{ person.id }}&a={{ amount }}")
    await shop.act(http(definition), order="a&admin=1")
    assert shop.targets == ["/find?q=a%26admin%3D1&who=ada%2F1&a=79.99"]


async def test_X41_a_path_without_its_slash_cannot_become_another_host(shop: Shop) -> None:
    await shop.act(http(HttpDef(method="GET", url=BASE + "{{ order }}.evil.example")), order="@x")
    await shop.act(http(HttpDef(method="GET", url=BASE + "?all=1")))
    assert shop.targets == ["/%40x.evil.example", "/?all=1"]


async def test_json_keeps_types_and_leaves_out_what_is_unfilled(shop: Shop) -> None:
    body = {
        "order": "{{ order }}",
        "count": "{{ count }}",
        "sure": "{{ sure }}",
        "paid": "{{ amount }}",
        "note": "{{ note }}",
        "line": "{{ count }} of {{ order }}{{ note }}",
        "list": ["{{ order }}", "{{ note }}", 7],
        "deep": {"when": None, "why": "{{ note }}"},
    }
    await shop.act(http(HttpDef(method="POST", url=BASE + "/x", json=body)), order='O"1', count=3, sure=False)
    assert shop.double.asked[0].json == {
        "order": 'O"1',
        "count": 3,
        "sure": False,
        "paid": {"amount": "79.99", "currency": "USD"},
        "line": '3 of O"1',
        "list": ['O"1', 7],
        "deep": {"when": None},
    }
    assert shop.double.asked[0].header("content-type") == ["application/json"]


async def test_X41_a_header_cannot_be_split_and_a_variable_is_no_template(shop: Shop) -> None:
    headers = {"X-Order": "{{ order }}", "Authorization": "Bearer ${SHOP_KEY}"}
    await shop.act(http(HttpDef(method="GET", url=BASE + "/x", headers=headers)), order="a\r\nX-Evil: 1\x00é")
    (asked,) = shop.double.asked
    assert asked.header("x-order") == ["a X-Evil: 1"]
    assert asked.header("authorization") == ["Bearer k{{ order }} X-Evil: 1"]
    assert asked.header("x-evil") == []
    assert asked.header("user-agent") == [USER_AGENT]


async def test_a_template_that_cannot_be_filled_is_an_error_and_nothing_is_sent(shop: Shop) -> None:
    outcome = await shop.act(http(HttpDef(method="GET", url=BASE + "/{{ order.a.b }}")), order="ORD-1")
    assert (outcome.outcome, outcome.certain, shop.targets) == ("error", True, [])


async def test_X41_a_path_that_a_function_wrote_cannot_end_its_line_or_leave_the_host(shop: Shop) -> None:
    async def act(call: ActionCall) -> ActionResult:
        await call.http.get(f"/orders/{call.slots['order']}?all=1")
        await call.http.get("@evil.example/x")
        return ActionResult(outcome="done")

    await shop.act(python(), act, order="a b\r\nX-Evil: 1\r\n#é")
    assert shop.targets == ["/orders/a%20b%0D%0AX-Evil:%201%0D%0A%23%C3%A9?all=1", "/@evil.example/x"]
