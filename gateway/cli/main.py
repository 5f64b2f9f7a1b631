"""`frontdesk`: the commands, and what an operator reads when one cannot go on."""

from __future__ import annotations

import sys

import typer

from engine.errors import FlowError, FrontdeskError, SettingsError, StoreAway
from gateway.cli import (
    chat,
    check,
    diagram,
    doctor,
    evaluate,
    explain,
    flows,
    privacy,
    prompts,
    rehearse,
    replay,
    report,
    serve,
    understand,
    webhooks,
    work,
)

WRONG = 1
"""Exit code: something an author or the surroundings must mend."""
MISCONFIGURED = 2
"""Exit code: the command or its settings are wrong."""

app = typer.Typer(
    name="frontdesk",
    help="A multi-channel chat gateway: customers, flows as data, and people when they are needed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve.serve)
app.command()(work.work)
app.command()(chat.chat)
app.command()(check.check)
app.command("test")(rehearse.rehearse)
app.command()(diagram.diagram)
app.command()(doctor.doctor)
app.command()(understand.understand)
app.command("eval")(evaluate.evaluate)
app.command()(explain.conversations)
app.command()(explain.explain)
app.command()(replay.replay)
app.command()(replay.promote)
app.command()(report.report)
app.command()(privacy.export)
app.command()(privacy.forget)
app.add_typer(flows.app, name="flows")
app.add_typer(prompts.app, name="prompts")
app.add_typer(webhooks.app, name="webhooks")


def run() -> None:
    """The program's entry: errors that are somebody's next move are told as lines on stderr, without a trace."""
    try:
        app()
    except (SettingsError, FlowError, StoreAway) as error:
        sys.exit(_tell(error))


def _tell(error: FrontdeskError) -> int:
    sentences = error.problems if isinstance(error, SettingsError | FlowError) else (error,)
    for sentence in sentences:
        print(f"frontdesk: {sentence}", file=sys.stderr)  # noqa: T201 - the command's own voice
    return MISCONFIGURED if isinstance(error, SettingsError) else WRONG
