"""The one tree of errors, sorted by whose move is next.

FrontdeskError
├── SettingsError      operator: a setting is missing, wrong or contradicts another
├── FlowError          flow author, only at load: carries every problem found
├── StoreAway          nobody: the store does not answer now; the provider delivers again
├── DeliveryError      provider: `receipt`, `code`, `retry`, `after_s`
└── TurnError          worker: this turn is thrown away, nothing of it was saved
    └── LeaseLost      another worker holds the conversation now
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.message import Receipt, Refused, Retry


class FrontdeskError(Exception):
    """Everything we raise ourselves."""


class SettingsError(FrontdeskError):
    """One or more settings are wrong; `problems` has a sentence for each, with its remedy."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding of the flow compiler: where, what is wrong and why, what to do.

    `column` and `width` (0: not known) are characters of the line.
    """

    file: str
    line: int
    key: str
    what: str
    remedy: str
    lint: str
    warning: bool = False
    column: int = 1
    width: int = 0

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
    """A provider did not take what we sent. `receipt` is what that means for a row, `code` the provider's own word.

    Without a receipt, `retry` and `after_s` say what it is: known not sent, or refused.
    """

    def __init__(
        self, reason: str, receipt: Receipt | None = None, *, code: str = "", retry: bool = False, after_s: float = 0.0
    ) -> None:
        super().__init__(reason)
        said = Retry(reason=reason, after_s=after_s) if retry else Refused(reason=reason)
        self.receipt: Receipt = said if receipt is None else receipt
        self.code = code

    @property
    def retry(self) -> bool:
        """Is it known not to have been sent?"""
        return isinstance(self.receipt, Retry)

    @property
    def after_s(self) -> float:
        """Seconds the provider wants us to wait; 0 when it named none."""
        return self.receipt.after_s if isinstance(self.receipt, Retry) else 0.0


class TurnError(FrontdeskError):
    """This turn cannot be finished; nothing of it was saved."""


class LeaseLost(TurnError):
    """The fencing token is no longer valid: the turn is thrown away."""
