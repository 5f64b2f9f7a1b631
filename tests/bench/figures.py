"""What is told of a sample, and samples as tables and ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.load import Sample, quantile_ms
from tests.bench.trials import Samples, Trial


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A column: what is measured of a sample, and how many decimals are worth printing."""

    title: str
    of: Callable[[Sample], float]
    decimals: int


CPU = Figure(title="CPU per turn, ms", of=lambda sample: sample.cpu_ms, decimals=2)
REDIS_CPU = Figure(title="CPU of Redis, ms", of=lambda sample: sample.redis_ms, decimals=2)
RATE = Figure(title="turns/s", of=lambda sample: sample.turns_per_s, decimals=0)
WEBHOOK = Figure(title="webhook p99, ms", of=lambda sample: quantile_ms(sample.webhook_s, 0.99), decimals=1)
REPLY_50 = Figure(title="reply p50, ms", of=lambda sample: quantile_ms(sample.reply_s, 0.5), decimals=1)
REPLY_99 = Figure(title="reply p99, ms", of=lambda sample: quantile_ms(sample.reply_s, 0.99), decimals=1)
MEMORY = Figure(title="memory, MB", of=lambda sample: sample.rss_mb, decimals=0)
FIGURES = (CPU, REDIS_CPU, RATE, WEBHOOK, REPLY_50, REPLY_99, MEMORY)


def ratio(figure: Figure, samples: Samples, ours: str, base: str) -> float:
    """The median over the repeats of ours over `base` in the same repeat."""
    pairs = zip(samples[ours], samples[base], strict=True)
    return median(figure.of(one) / figure.of(other) for one, other in pairs)


def middle(figure: Figure, samples: Samples, name: str) -> float:
    """The median of its runs."""
    return median(map(figure.of, samples[name]))


def table(trial: Trial) -> str:
    """As Markdown: the contestants, then ours over what they are held against. A column of nothing is left out."""
    shown = [
        figure
        for figure in FIGURES
        if figure is not REDIS_CPU or any(sample.redis_s for runs in trial.samples.values() for sample in runs)
    ]
    rows = [
        [name, *(spread(map(figure.of, runs), figure.decimals) for figure in shown)]
        for name, runs in trial.samples.items()
    ]
    for ours, base in trial.against:
        ratios = (_ratio(figure, trial.samples, ours, base) for figure in shown)
        rows.append([f"{ours} ÷ {base}", *ratios])
    return markdown(["", *(figure.title for figure in shown)], rows)


def spread(values: Iterable[float], decimals: int) -> str:
    """The median, and in brackets the least and the most."""
    found = sorted(values)
    low, high = f"{found[0]:,.{decimals}f}", f"{found[-1]:,.{decimals}f}"
    return f"{median(found):,.{decimals}f} ({low}–{high})"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, its figures on the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ratio(figure: Figure, samples: Samples, ours: str, base: str) -> str:
    if not all(figure.of(sample) for sample in samples[base]):
        return ""
    return f"{ratio(figure, samples, ours, base):.1f}"
