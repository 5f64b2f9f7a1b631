"""The refund on aiogram's own FSM, as its documentation shows it: Dispatcher, RedisStorage, SimpleRequestHandler.

python -m tests.bench.floors.aiogram_fsm     TELEGRAM_API_URL, SHOP_API_URL, BOT_TOKEN and REDIS_URL say where

Stock in every part: its session, its JSON, its storage, no lock and no dedupe. Runs on uvloop.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.bench.floors.refund import ORDER
from tests.bench.floors.talk import Asking
from tests.bench.line import SECRET, WEBHOOK

router = Router()


class Refund(StatesGroup):
    """Where a customer is."""

    order = State()
    confirm = State()
    reason = State()
    sure = State()


def keyboard(*options: str) -> InlineKeyboardMarkup:
    """A button a line."""
    rows = [[InlineKeyboardButton(text=option, callback_data=option)] for option in options]
    return InlineKeyboardMarkup(inline_keyboard=rows)


@router.message(F.text.lower().contains("refund"))
async def begin(message: Message, state: FSMContext) -> None:
    """From anywhere."""
    await state.set_state(Refund.order)
    await message.answer("Which order number is it?")


@router.message(Refund.order, F.text.upper().regexp(ORDER, search=True).as_("found"))
async def look_up(message: Message, state: FSMContext, found: Any, asking: Asking) -> None:
    """The order at the shop."""
    order = found[0]
    answer = await asking.get(f"/orders/{order}")
    await state.update_data(order=order, item=answer["item"], amount=f"${answer['amount']}")
    await state.set_state(Refund.confirm)
    text = f"Order {order}: {answer['item']}, ${answer['amount']}. Is that the right one?"
    await message.answer(text, reply_markup=keyboard("Yes", "No"))


@router.message(Refund.confirm, F.text.lower() == "yes")
async def ask_reason(message: Message, state: FSMContext) -> None:
    """It is the right one."""
    await state.set_state(Refund.reason)
    await message.answer("Why are you sending it back?", reply_markup=keyboard("defective", "wrong_item", "other"))


@router.message(Refund.reason, F.text.lower() == "broken")
async def ask_again(message: Message, state: FSMContext) -> None:
    """The last question before the money goes."""
    data = await state.update_data(reason="defective")
    await state.set_state(Refund.sure)
    await message.answer(
        f"Shall we refund {data['amount']} for {data['item']} now?", reply_markup=keyboard("Yes", "No")
    )


@router.message(Refund.sure, F.text.lower() == "yes")
async def submit(message: Message, state: FSMContext, asking: Asking) -> None:
    """The call, and the end."""
    data = await state.get_data()
    await asking.post("/refunds", {"order_number": data["order"], "reason": data["reason"]}, data["order"])
    await state.clear()
    await message.answer(f"Your refund of {data['amount']} for {data['order']} has been submitted.")


@router.message()
async def not_understood(message: Message) -> None:
    """Everything else."""
    await message.answer("I did not understand that.")


def main() -> None:
    """Serve until SIGTERM."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=api))
    dispatcher = Dispatcher(storage=RedisStorage.from_url(os.environ["REDIS_URL"]))
    dispatcher["asking"] = asking = Asking(os.environ["SHOP_API_URL"])
    dispatcher.shutdown.register(asking.close)
    dispatcher.include_router(router)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path=WEBHOOK)
    setup_application(app, dispatcher, bot=bot)
    sys.stdout.write(f"ready at http://127.0.0.1:{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    web.run_app(app, sock=listening, print=None, access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
