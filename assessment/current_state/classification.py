"""Core, management or support: how far two independent classifications of the same processes agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal, get_args

from assessment.config import CI_Z

ProcessClass = Literal["core", "management", "support"]

CLASSES: Final[tuple[ProcessClass, ...]] = get_args(ProcessClass)


@dataclass(frozen=True)
class Classified:
    """A process as consultant and client class it, blind to each other, and its hours a month."""

    process: str
    consultant: ProcessClass
    client: ProcessClass
    hours_month: float


@dataclass(frozen=True)
class Comparison:
    """Where two classifications differ, and how much rests on it.

    disputed: the processes classed differently, in the given order. This list is the result; kappa belongs in details.
    expected_agreement: the share of processes agreed on by chance alone.
    kappa, kappa_se, kappa_ci95: None when chance alone would agree on everything. The interval is not clipped.
    disputed_share, core_share_consultant, core_share_client: shares of all hours, None when there are no hours.
    """

    agreement: float
    expected_agreement: float
    kappa: float | None
    kappa_se: float | None
    kappa_ci95: tuple[float, float] | None
    disputed: tuple[str, ...]
    disputed_share: float | None
    core_share_consultant: float | None
    core_share_client: float | None


def compare(processes: Sequence[Classified]) -> Comparison:
    """The agreement of consultant and client on at least one process.

    Raises: ValueError without a process.
    Source: method §5.6; Cohen 1960, with the simple large-sample standard error.
    """
    n = len(processes)
    if n == 0:
        raise ValueError("processes: expected at least one")
    disputed = [p for p in processes if p.consultant != p.client]
    agreement = (n - len(disputed)) / n
    consultant, client = Counter(p.consultant for p in processes), Counter(p.client for p in processes)
    by_chance = sum(consultant[c] * client[c] for c in CLASSES)  # of n * n; whole numbers, so that 1 is exactly 1
    expected = by_chance / n**2
    kappa = se = interval = None
    if by_chance < n**2:
        kappa = (agreement - expected) / (1 - expected)
        se = sqrt(agreement * (1 - agreement) / n) / (1 - expected)
        interval = (kappa - CI_Z * se, kappa + CI_Z * se)
    hours = sum(p.hours_month for p in processes)
    return Comparison(
        agreement=agreement,
        expected_agreement=expected,
        kappa=kappa,
        kappa_se=se,
        kappa_ci95=interval,
        disputed=tuple(p.process for p in disputed),
        disputed_share=_share(disputed, hours),
        core_share_consultant=_share([p for p in processes if p.consultant == "core"], hours),
        core_share_client=_share([p for p in processes if p.client == "core"], hours),
    )


def _share(some: Sequence[Classified], hours: float) -> float | None:
    return sum(p.hours_month for p in some) / hours if hours else None
