"""The book: every flow this desk knows, each version compiled once, and the desk's own lines and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from engine.desk import DeskDef
from engine.experiments import CONTROL
from engine.flow import FlowDef
from engine.frame import Frame
from engine.lines import LINES, fill
from engine.machine import Compiled
from engine.ports import Knowledge, Meaning, Quote
from engine.readers.reading import Reading
from engine.readers.regions import home_of
from engine.readers.routing import Router
from engine.trials import Trials
from engine.variants import alone, combinations, varied
from engine.watched import Watched, watched


class Book:
    """Flows by name (the deployed version) and by content hash (every version a live run may be pinned to)."""

    discloses = False
    """Does the first reply to anybody say that an assistant speaks? (X68)"""

    def __init__(
        self,
        flows: Sequence[FlowDef],
        desk: DeskDef | None = None,
        *,
        pinned: Mapping[str, FlowDef] | None = None,
        people: bool = False,
        knowledge: Knowledge | None = None,
    ) -> None:
        """`people` says whether a desk of persons stands behind this gateway; `knowledge` is what it can quote."""
        self.desk = desk or DeskDef()
        self.people = people
        self._knowledge = knowledge
        self.meaning: Meaning | None = None
        """Who finds what it can quote by more than its words, where the gateway knows somebody."""
        self._region, self._currency = home_of(self.desk.locale)
        self._current = {flow.name: Compiled(alone(flow)) for flow in flows}
        self._versions = {compiled.version: compiled for compiled in self._current.values()}
        self.trials = Trials(flows, self.desk)
        """What is tried out here (S35)."""
        self._varied = {(flow.name, key): made for flow in flows for key, made in self._variants(flow)}
        self.shortest_gap = timedelta(seconds=self.desk.resume_after_s)
        """After less than this no run needs to be offered again (R57)."""
        for compiled in self._current.values():
            self._shorten(compiled.definition)
        for version, flow in (pinned or {}).items():
            self.pin(flow, version)
        self.secrets = {name: slot for flow in flows for name, slot in flow.slots.items() if slot.sensitive}
        """Every sensitive slot of the deployed flows."""
        self.router = Router(flows)
        self._watched = {flow.name: watched(self.desk.escalation, flow.escalation) for flow in flows}
        self._watched[""] = watched(self.desk.escalation)

    def pin(self, flow: FlowDef, version: str) -> None:
        """Keep a version that is not deployed (any more, or here) for the runs that began under it."""
        if version not in self._versions:
            self._versions[version] = Compiled(flow, version)
            self._shorten(flow)

    def _variants(self, flow: FlowDef) -> Iterator[tuple[tuple[str, ...], Compiled]]:
        """Each choice of variants of a flow's experiments, with the version it makes."""
        for chosen in combinations(flow) if flow.experiments else ():
            made = Compiled(varied(flow, chosen))
            yield tuple(chosen.values()), self._versions.setdefault(made.version, made)
            self._shorten(made.definition)

    def _shorten(self, flow: FlowDef) -> None:
        if flow.resume_after_s:
            self.shortest_gap = min(self.shortest_gap, timedelta(seconds=flow.resume_after_s))

    @property
    def flows(self) -> Sequence[Compiled]:
        """The deployed flows, in their folder's order."""
        return tuple(self._current.values())

    def current(self, name: str) -> Compiled | None:
        """The deployed version of a flow."""
        return self._current.get(name)

    def varied(self, name: str, variants: Sequence[str]) -> Compiled | None:
        """The version of a flow that these variants of its experiments make, in the order they are declared."""
        return self._varied.get((name, tuple(variants)))

    def deployed(self, run: Frame) -> Compiled | None:
        """The version that a run would go on under if its own were gone: that of its variants, while there is one."""
        trials = self.trials.of_flow.get(run.flow, {}) if run.variants else {}
        variants = [run.variants.get(one.label, one.definition.stopped or CONTROL) for one in trials.values()]
        return self.varied(run.flow, variants) or self.current(run.flow)

    def version(self, version: str) -> Compiled | None:
        """A version by its content hash."""
        return self._versions.get(version)

    def reading(self, now: datetime) -> Reading:
        """How texts are read at this desk at a moment."""
        zone, locale = self.desk.timezone, self.desk.locale
        return Reading(now=now, timezone=zone, locale=locale, region=self._region, currency=self._currency)

    def of(self, frame: Frame) -> Compiled:
        """The version a run is pinned to. Raises KeyError for a version nobody has (R58 runs before)."""
        return self._versions[frame.version]

    def quote(self, question: str, flow: str | None) -> tuple[Quote, ...]:
        """What the knowledge says to a question, if this desk has any (S34)."""
        return self._knowledge.quote(question, flow) if self._knowledge is not None else ()

    def watched(self, flow: str) -> Watched | None:
        """The words this desk watches for while a flow is active; "": none is (S40)."""
        return self._watched.get(flow, self._watched[""])

    def line(self, key: str, flow: Compiled | None = None, /, **values: object) -> str:
        """One of our own lines, as the flow or the desk words it."""
        own = flow.definition.lines if flow else {}
        return fill(own.get(key) or self.desk.lines.get(key) or LINES[key], values)
