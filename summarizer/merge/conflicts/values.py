"""Whether two numbers can both be right: rounding, hedges, bounds, units and sums."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

from summarizer.text.amounts import VAGUE, Quantity
from summarizer.text.words import stem


class Fit(StrEnum):
    """How two values of one kind stand to each other."""

    SAME = "same"  # the same value, in whatever unit or wording
    LOOSE = "loose"  # one rounds, hedges or bounds the other
    APART = "apart"  # they cannot both be the value of one thing


_COUNT_LIMIT = 100  # smaller counts are exact: 20 dead are 20
_EXACT_LIMIT = 1000  # … and 130 aboard are 130; hundreds may be rounded
_PLAIN_SHARE = 0.08  # "300,000" may stand for 322,000, but not for 340,000
_HEDGED_SHARE = 0.2  # … "about 300,000" may
_ONE_DIGIT_SHARE = 0.25  # … and "$1 trillion" for 1.2 trillion
_NEAR_SHARE = 0.8  # "nearly 300" is at least 240
_BOUND_REACH = 10.0  # "more than 300" is not said of 3,000 and more
_VAGUE_LEAST = 2.0  # "dozens" are two dozen at least, "hundreds" about that
_SPLIT_DIGITS = 3  # significant digits from which a sum that comes out is hardly chance
_SPLIT_LEAST = 10  # … or this much, of a measure such as years

# Units of one dimension, in the smallest of them.
_SIZES = {
    "time": "second 1 minute 60 hour 3600 day 86400 week 604800 month 2629800 year 31557600 "
    "decade 315576000 century 3155760000",
    "length": "millimeter 0.001 centimeter 0.01 inch 0.0254 feet 0.3048 yard 0.9144 meter 1 "
    "kilometer 1000 mile 1609.344",
    "mass": "gram 0.001 ounce 0.02835 pound 0.4536 kilogram 1 ton 1000",
    "area": "acre 1 hectare 2.471",
}
_SIZE_OF = {
    stem(unit): (dimension, float(size))
    for dimension, table in _SIZES.items()
    for unit, size in zip(table.split()[::2], table.split()[1::2], strict=True)
}
_SIZE_OF |= {stem("kilometre"): ("length", 1000.0), stem("metre"): ("length", 1.0)}
_CENT = stem("cents")
_MANTISSA = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_LETTER = re.compile(r"[^\W\d_]")


def dimension(unit: str | None) -> tuple[str, float] | None:
    """Return what a unit measures and its size; None for things that are counted."""
    if unit == _CENT:
        return "cent", 1.0  # of whatever currency
    if unit is not None and (unit in ("%", "points", "clock", "score") or unit.isupper()):
        return unit, 1.0
    return _SIZE_OF.get(unit or "")


def compound(quantities: Sequence[Quantity], text: str) -> list[Quantity]:
    """Join "three years, four months" and "5 feet 10 inches" into one quantity each."""
    joined: list[Quantity] = []
    for quantity in quantities:
        if joined and (whole := _sum_of(joined[-1], quantity, text)) is not None:
            joined[-1] = whole
        else:
            joined.append(quantity)
    return joined


def _sum_of(large: Quantity, small: Quantity, text: str) -> Quantity | None:
    one, two = dimension(large.unit), dimension(small.unit)
    if one is None or two is None or one[0] != two[0] or one[1] <= two[1]:
        return None
    # The unit stands between the two numbers: "3 years, 4".
    between = text[large.end : small.start].strip()
    word = re.match(r"[-\s]?\w+", between)
    rest = between[word.end() :] if word else between
    if large.high is not None or small.high is not None or rest.strip(" ,-") not in ("", "and"):
        return None
    value = large.value * one[1] / two[1] + small.value
    return large._replace(
        value=value, unit=small.unit, end=small.end, text=text[large.start : small.end]
    )


def fit(x: Quantity, y: Quantity) -> Fit:
    """Tell how two values of one kind stand to each other; units of a dimension are converted."""
    if x.ordinal != y.ordinal:
        return Fit.LOOSE
    x, y, converted = _one_unit(_as_set(x), _as_set(y))
    if x.unit == y.unit == "score":
        return Fit.SAME if {x.value, x.high} == {y.value, y.high} else Fit.APART
    if _equal(x, y):
        return Fit.SAME
    if x.high is not None or y.high is not None:
        return _fit_ranges(x, y)
    if converted and math.isclose(x.value, y.value, rel_tol=0.03):
        return Fit.SAME
    if _misread_scale(x, y):
        return Fit.LOOSE
    return Fit.LOOSE if _can_both(x, y) else Fit.APART


def _as_set(quantity: Quantity) -> Quantity:
    """Take "within 30 days" for a term of 30 days: whoever sets it means no less."""
    found = dimension(quantity.unit)
    deadline = quantity.cue.lower() == "within" and found is not None and found[0] == "time"
    return quantity._replace(hedge=None, cue="") if deadline else quantity


def times_apart(x: Quantity, y: Quantity) -> float:
    """Return how many times the one is the other, at least 1; infinite where one is nothing."""
    x, y, _ = _one_unit(x, y)
    least, most = sorted((abs(x.value), abs(y.value)))
    if VAGUE in (x.hedge, y.hedge):
        least = min(least * _BOUND_REACH, most)
    return most / least if least else math.inf


def _one_unit(x: Quantity, y: Quantity) -> tuple[Quantity, Quantity, bool]:
    one, two = dimension(x.unit), dimension(y.unit)
    if one is None or two is None or one[0] != two[0] or one[1] == two[1]:
        return x, y, False
    scale = one[1] / two[1]
    high = None if x.high is None else x.high * scale
    return x._replace(value=x.value * scale, high=high, unit=y.unit), y, True


def _equal(x: Quantity, y: Quantity) -> bool:
    return math.isclose(x.value, y.value, rel_tol=1e-9) and x.high == y.high and (
        VAGUE not in (x.hedge, y.hedge) or x.hedge == y.hedge
    )  # fmt: skip


def _misread_scale(x: Quantity, y: Quantity) -> bool:
    """Tell "$5.55 bil" from another value: a scale that was not read."""
    least, most = sorted((abs(x.value), abs(y.value)))
    return least > 0 and any(
        math.isclose(most / least, scale, rel_tol=1e-6) for scale in (1e3, 1e6, 1e9)
    )


def _fit_ranges(x: Quantity, y: Quantity) -> Fit:
    """Ranges that share one end and not the other name two things; else they may overlap."""
    if x.high is not None and y.high is not None:
        shared = math.isclose(x.value, y.value) or math.isclose(x.high, y.high)
        overlap = x.value <= y.high and y.value <= x.high
        return Fit.LOOSE if overlap and not shared else Fit.APART
    span, single = (x, y) if x.high is not None else (y, x)
    low, high = _reach(single)
    return Fit.LOOSE if low <= (span.high or span.value) and span.value <= high else Fit.APART


def _can_both(x: Quantity, y: Quantity) -> bool:
    if x.at_least and y.at_least and not (_coarse(x) or _coarse(y)):
        return False  # "at least 15 dead" is a count, as of now
    if x.hedge == y.hedge == "more_than":
        # Who knows of over 5,600 does not write "over 4,600", but may write "over 4,000".
        least, most = sorted((x, y), key=lambda q: q.value)
        near = most.value <= least.value * (1 + _PLAIN_SHARE)
        return near or (len(_figures(least)) == 1 and most.value <= least.value * _BOUND_REACH)
    if x.hedge == y.hedge == "less_than":
        return not (x.near and y.near) or _rounds(x, y)
    if {x.hedge, y.hedge} & {"more_than", "less_than", VAGUE}:
        low_x, high_x = _reach(x)
        low_y, high_y = _reach(y)
        return low_x <= high_y and low_y <= high_x
    return _rounds(x, y)


def _reach(quantity: Quantity) -> tuple[float, float]:
    """Return the least and the most that a hedged number can stand for."""
    value = quantity.value
    if quantity.hedge == VAGUE:
        few = quantity.text.lower().startswith(("several", "a few"))
        return value * _VAGUE_LEAST * (0.5 if value >= _COUNT_LIMIT and not few else 1), value * 10
    if quantity.hedge == "more_than":
        return value, value * _BOUND_REACH
    if quantity.hedge == "less_than":
        # "Nearly $1 trillion" is said of 1.2 trillion, too.
        coarse = quantity.near and value >= 1e6 and len(_figures(quantity)) == 1
        least = value * (_NEAR_SHARE if quantity.near else 0.0)
        return least, value * (1 + _ONE_DIGIT_SHARE * coarse)
    slack = _slack(quantity)
    return value - slack, value + slack


def _rounds(x: Quantity, y: Quantity) -> bool:
    """Tell whether the coarser of two numbers is the other one rounded."""
    if abs(x.value - y.value) <= max(_slack(x), _slack(y)) * (1 + 1e-9):
        return True
    coarse, fine = sorted((x, y), key=lambda q: len(_figures(q)))
    # 75 for 75.88: cut off rather than rounded.
    return "." in fine.text and coarse.value == math.floor(fine.value) and coarse.value >= 10


def _slack(quantity: Quantity) -> float:
    """Return how far off the true value may be: half a unit of the last digit that counts."""
    value = abs(quantity.value)
    hedged = quantity.hedge is not None
    if "dozen" in quantity.text.lower():
        return value / 12
    digits = _digits(quantity)
    exact = "." not in quantity.text and _is_exact(value, quantity.unit, hedged=hedged)
    if value == 0 or (exact and not (hedged and value % 10 == 0)):
        return 0.0
    share = _HEDGED_SHARE if hedged else _PLAIN_SHARE
    if len(digits) == 1:
        share = max(share, _ONE_DIGIT_SHARE)
    # "About 250" has a zero that may be rounding; "some 1.5 million" has none.
    return min(_step(value, hedged=hedged and digits[-1] == "0") / 2, share * value)


def _is_exact(value: float, unit: str | None, *, hedged: bool) -> bool:
    """Tell a count that is told to the last one, or an age: 20, 130, 32 years."""
    measure = dimension(unit)
    if measure is not None:
        return measure[0] == "time" and value < _COUNT_LIMIT and not hedged
    return value < _COUNT_LIMIT or (value < _EXACT_LIMIT and value % _COUNT_LIMIT != 0)


def _step(value: float, *, hedged: bool) -> float:
    """Return the place value of the last digit that is not 0; of "about 250" it is 50."""
    mantissa, exponent = f"{value:.11e}".split("e")
    figures = mantissa.replace(".", "").rstrip("0")
    step = 10.0 ** (int(exponent) - len(figures) + 1)
    return step * 5 if hedged and figures.endswith("5") else step


def _digits(quantity: Quantity) -> str:
    """Return the digits that are written of a number, "1" of $1 trillion and "300" of 300."""
    match = _MANTISSA.search(quantity.text)
    return match.group().replace(",", "").replace(".", "") if match else "1"


def _coarse(quantity: Quantity) -> bool:
    return quantity.value >= _COUNT_LIMIT and len(_figures(quantity)) <= 2


def digits_of(quantity: Quantity) -> int:
    """Return how many significant digits a value has: 2 for 85 and 8,500."""
    return len(_figures(quantity))


def _figures(quantity: Quantity) -> str:
    """Return the significant digits of a value, zeros at the end left out."""
    return f"{abs(quantity.value):.11e}".split("e")[0].replace(".", "").rstrip("0")


def adds_up(xs: Sequence[Quantity], ys: Sequence[Quantity]) -> bool:
    """Tell whether two values of one side make one of the other: 2.5 and 1.5 million, 4 million.

    Small counts are left out, as they often add up by chance.
    """
    return _made_of(xs, ys) or _made_of(ys, xs)


def _made_of(parts: Sequence[Quantity], wholes: Sequence[Quantity]) -> bool:
    for one, two in combinations([p for p in parts if p.hedge != VAGUE], 2):
        ends = {v for p in (one, two) for v in (p.value, p.high) if v is not None}
        for whole in wholes:
            known = {p.unit for p in (one, two)} - {None}
            if len(known) > 1 or not any(
                _same_measure(p, whole) and _telling(whole, p) for p in (one, two)
            ):
                continue
            results = (one.value + two.value, abs(one.value - two.value))
            if whole.value not in ends and any(_close(whole.value, r) for r in results):
                return True
    return any(
        part.high is not None and whole.high is None and _telling(whole, part)
        and _close(whole.value, part.value + part.high)
        for part in parts for whole in wholes
        if _same_measure(part, whole)
    )  # fmt: skip


def _close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=1e-6)


def _same_measure(x: Quantity, y: Quantity) -> bool:
    one, two = dimension(x.unit), dimension(y.unit)
    return (one is None) == (two is None) and (one is None or one == two)


def _telling(whole: Quantity, part: Quantity) -> bool:
    figures = _figures(whole)
    if dimension(whole.unit) is not None and whole.unit == part.unit != "%":
        return whole.value >= _SPLIT_LEAST
    return len(figures) >= _SPLIT_DIGITS or bool(_LETTER.search(whole.text) and whole.value >= 1e3)
