"""The one tree of errors, sorted by whose move is next.

FrontdeskError
├── SettingsError      operator: a setting is missing, wrong or contradicts another
├── FlowError          flow author, only at load: carries every problem found
├── StoreAway          nobody: the store does not answer now; the provider delivers again
├── DeliveryError      provider: `retry`, `after_s`
└── TurnError          worker: this turn is thrown away, nothing of it was saved
    └── LeaseLost      another worker holds the conversation now
"""

from __future__ import annotations

from dataclasses import dataclass


class FrontdeskError(Exception):
    """Everything we raise ourselves."""


class SettingsError(FrontdeskError):
    """One or more settings are wrong; `problems` has a sentence for each, with its remedy."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding of the flow compiler: where, what is wrong, what to do."""

    file: str
    line: int
    key: str
    what: str
    remedy: str
    lint: str
    warning: bool = False

    def __str__(self) -> str:
        mark = "warning" if self.warning else "error"
        return f"{self.file}:{self.line}: {self.key}: {mark}[{self.lint}] {self.what}\n    -> {self.remedy}"


class FlowError(FrontdeskError):
    """A flow that does not compile; `problems` are all of them, in the file's order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class StoreAway(FrontdeskError):
    """The store does not answer; what was asked of it may be asked again."""


class DeliveryError(FrontdeskError):
    """A provider did not take what we sent."""

    def __init__(self, reason: str, *, retry: bool, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry = retry
        self.after_s = after_s


class TurnError(FrontdeskError):
    """This turn cannot be finished; nothing of it was saved."""


class LeaseLost(TurnError):
    """The fencing token is no longer valid: the turn is thrown away."""
