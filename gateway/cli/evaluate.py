"""`frontdesk eval`: conversations and dialogues with the configured model, counted: a change is a measured one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from engine.errors import SettingsError
from gateway.settings import Settings, from_environment
from gateway.telemetry import start_quiet_logs

if TYPE_CHECKING:
    from gateway.evaluation.cases import Case
    from gateway.evaluation.result import Outcome, Terms
    from gateway.rehearsal.conversations import Repertoire

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells count it."""
NO_MODEL = (
    "no model is configured, so there is nothing to evaluate: set OPENAI_API_KEY and OPENAI_MODEL "
    "(FRONTDESK_UNDERSTANDING must not be rules); what rules do alone is told by `frontdesk test`"
)


def evaluate(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    directory: Annotated[
        Path | None,
        typer.Argument(
            envvar="FLOWS_DIR", metavar="DIR", help="A folder of flows, one flow, or .txt files; FLOWS_DIR or our own."
        ),
    ] = None,
    dialogues: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Dialogues to play too, a JSON object a line.")
    ] = None,
    as_object: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Play the first N of files and dialogues.")
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, metavar="N", help="Play each N times: models vary.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the result; what it has already is not played again.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with a kept result. Exit code 1 if it was better.")
    ] = None,
) -> None:
    """Play conversations with the configured model; count what holds, what is understood, and what it costs."""
    from gateway.evaluation.dialogues import DialogueError, read_dialogues  # noqa: PLC0415 - with the whole desk
    from gateway.evaluation.report import compared, lines, worse  # noqa: PLC0415
    from gateway.evaluation.result import ResultError, read_result, totals  # noqa: PLC0415
    from gateway.rehearsal.conversations import repertoire  # noqa: PLC0415

    settings = from_environment()
    start_quiet_logs(settings)
    played = repertoire(directory, flows=settings.flows_dir)
    try:
        kept = read_dialogues(dialogues) if dialogues else ()
        before = read_result(against) if against else None
        cases: list[Case] = [*played.files[:limit], *kept[:limit]]
        terms, outcomes, whole = asyncio.run(_Evaluation(settings, out).play(cases, repeat, played))
    except (DialogueError, ResultError) as error:
        raise typer.BadParameter(str(error)) from None
    if as_object:
        found = {"terms": terms, "totals": totals(outcomes), "against": totals(before[1]) if before else None}
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for line in (*lines(terms, outcomes), *(compared(terms, outcomes, before) if before else ())):
            typer.echo(line)
    if not whole:
        typer.echo("frontdesk: interrupted; this is what was played until then", err=True)
        raise typer.Exit(INTERRUPTED)
    if before and worse(outcomes, before[1]):
        raise typer.Exit(1)


class _Evaluation:
    """One run, with what an interrupted one has left of it in `out`."""

    def __init__(self, settings: Settings, out: Path | None) -> None:
        self._settings, self._out = settings, out

    async def play(self, cases: Sequence[Case], repeat: int, played: Repertoire) -> tuple[Terms, list[Outcome], bool]:
        """The terms, every outcome, and whether nobody interrupted. Raises SettingsError without a model."""
        from gateway.evaluation.cases import Examiner, name_of, wording_of  # noqa: PLC0415
        from gateway.evaluation.counting import Fates  # noqa: PLC0415
        from gateway.evaluation.result import Terms  # noqa: PLC0415
        from gateway.flowfolder import read_folder  # noqa: PLC0415
        from gateway.model import Watch  # noqa: PLC0415
        from gateway.models import open_model  # noqa: PLC0415

        fates = Fates()
        outcomes: list[Outcome] = []
        async with AsyncExitStack() as opening:
            folder = read_folder(self._settings.flows_dir, os.environ, unset_ok=True)
            model = open_model(self._settings, opening, folder, Watch(count=fates.model))
            if model is None:
                raise SettingsError(NO_MODEL)
            terms = Terms(model=model.name, understanding=model.understanding, parts=model.prompts.versions)
            known = {one.key: one for one in self._kept(terms)}
            examiner = Examiner(played=played, model=model, fates=fates)
            rounds = [(case, number) for number in range(repeat) for case in cases]
            for place, (case, number) in enumerate(rounds, start=1):
                typer.echo(f"{place}/{len(rounds)} {name_of(case)}", err=True)
                outcome = known.get((name_of(case), wording_of(case), number))
                if outcome is None:
                    try:
                        outcome = await examiner.examine(case, number)
                    except asyncio.CancelledError:
                        return terms, outcomes, False
                    self._keep(outcome)
                outcomes.append(outcome)
        return terms, outcomes, True

    def _kept(self, terms: Terms) -> Sequence[Outcome]:
        """What the file has already. Raises ResultError where that was measured under other terms."""
        from gateway.evaluation.result import ResultError, read_result  # noqa: PLC0415

        if self._out is None or not self._out.exists() or not self._out.stat().st_size:
            self._keep(terms)
            return ()
        was, outcomes = read_result(self._out)
        if was != terms:
            raise ResultError(f"{self._out} was measured with another model or other prompts; name a new file")
        text = self._out.read_bytes()
        if not text.endswith(b"\n"):
            self._out.write_bytes(text[: text.rfind(b"\n") + 1])
        return outcomes

    def _keep(self, line: Terms | Outcome) -> None:
        if self._out is not None:
            with self._out.open("ab") as file:
                file.write(msgspec.json.encode(line) + b"\n")
