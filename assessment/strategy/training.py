"""When to train: whether the sales process is ready to be trained in."""

from typing import Literal

from assessment.config import TRAIN_CUTS
from assessment.strategy.model import SLACK

Verdict = Literal["fix_first", "parallel", "train", "unknown"]


def verdict(foundation: float | None) -> Verdict:
    """What criterion C1 says about training now.

    fix_first up to and including 2.5: mend the process, or train only on described steps. parallel up to and including
    3.5: train on the described steps and close obstacles meanwhile. Above: train. unknown: C1 not assessed.

    Source: method §8.2.
    """
    if foundation is None:
        return "unknown"
    fix, parallel = TRAIN_CUTS
    if foundation <= fix + SLACK:
        return "fix_first"
    return "parallel" if foundation <= parallel + SLACK else "train"
