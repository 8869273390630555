"""Shares with their interval, and how well a score ranks and how far it can be believed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from pydantic import Field

from summarizer.data import Record

Scored = tuple[float, bool]  # a score, 0 to 1, and whether the claim is supported
BINS = 10
_Z = 1.959964  # of a normal distribution: 95 % lie within


class Share(Record):
    """How many of `count` judgements were wrong, with a 95 % interval; no share of none."""

    wrong: int = Field(ge=0)
    count: int = Field(ge=0)
    share: float | None = Field(default=None, ge=0, le=1)
    low: float = Field(default=0.0, ge=0, le=1)
    high: float = Field(default=1.0, ge=0, le=1)


def share_of(wrong: int, count: int) -> Share:
    """Return the share `wrong / count` with its Wilson score interval.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if not count:
        return Share(wrong=0, count=0)
    share, shrink = wrong / count, _Z**2 / count
    middle = (share + shrink / 2) / (1 + shrink)
    spread = _Z * math.sqrt(share * (1 - share) / count + shrink / (4 * count)) / (1 + shrink)
    # At 0 and 1 the interval ends exactly there; rounding must not put it beside.
    low = 0.0 if wrong == 0 else max(0.0, middle - spread)
    high = 1.0 if wrong == count else min(1.0, middle + spread)
    return Share(wrong=wrong, count=count, share=share, low=low, high=high)


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are there, None where there is none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def balanced_accuracy(false_pass: Share, false_strip: Share) -> float | None:
    """Return the mean accuracy of the two classes; None where one of them is empty."""
    if false_pass.share is None or false_strip.share is None:
        return None
    return 1 - (false_pass.share + false_strip.share) / 2


def auc(scored: Sequence[Scored]) -> float | None:
    """Return the chance that a supported claim scores above an unsupported one, ties half."""
    positives = sum(supported for _, supported in scored)
    negatives = len(scored) - positives
    if not positives or not negatives:
        return None
    below, won = 0, 0.0  # unsupported claims of lower scores; pairs won
    for _, tied in groupby(sorted(scored), key=lambda one: one[0]):
        labels = [supported for _, supported in tied]
        supported, unsupported = sum(labels), len(labels) - sum(labels)
        won += supported * (below + unsupported / 2)
        below += unsupported
    return won / (positives * negatives)


def calibration_error(scored: Sequence[Scored]) -> float | None:
    """Return the expected calibration error over 10 bins of equal numbers of claims.

    The mean distance of score and share supported, weighted by claims. Claims of one score stay
    in one bin, so that their order tells nothing.

    Source: Naeini, Cooper, Hauskrecht, AAAI 2015, with bins of equal mass.
    """
    if not scored:
        return None
    order = sorted(scored)
    gaps, start = 0.0, 0
    for number in range(1, BINS + 1):
        end = max(start, round(number * len(order) / BINS))
        while 0 < end < len(order) and order[end][0] == order[end - 1][0]:
            end += 1
        gaps += abs(sum(score - supported for score, supported in order[start:end]))
        start = end
    return gaps / len(order)
