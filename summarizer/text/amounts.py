"""What a number says: its value, unit and how exactly it is meant; and which say the same."""

from __future__ import annotations

import math
from typing import NamedTuple

from summarizer.text.words import stem

VAGUE = "vague"  # hedge of "dozens", "hundreds of", "several million"

_NEAR = ("nearly", "almost", "close to", "just under", "just below", "just short of", "approaching")
_LEAST = ("at least", "no fewer than", "no less than", "not less than", "minimum of", "or more")
_MOST = (
    "up to", "as many", "as much", "at most", "no more", "not more", "maximum of", "within",
    "or fewer",
)  # fmt: skip
_PRECISE = ("exactly", "precisely")


class Quantity(NamedTuple):
    """A number: `value`, and `high` where it is a range.

    `unit` is "%", "points", a currency code, "clock", "score", or the stem of the noun that is
    counted. `hedge` is "about", "more_than", "less_than", "vague" or None, and `cue` the words
    that say so ("nearly", "at least", "exactly"), in lower case.
    """

    value: float
    high: float | None
    unit: str | None
    hedge: str | None
    ordinal: bool
    start: int
    end: int
    text: str
    cue: str = ""

    @property
    def precise(self) -> bool:
        """Whether the text insists on the very number."""
        return self.cue.startswith(_PRECISE)

    @property
    def near(self) -> bool:
        """Whether it is said to be just short of the number, rather than anything below it."""
        return self.cue.startswith(_NEAR)

    @property
    def at_least(self) -> bool:
        """Whether the lower bound itself is allowed: "at least 300" may be 300."""
        return self.cue.startswith(_LEAST)

    @property
    def at_most(self) -> bool:
        """Whether the upper bound itself is allowed: "up to 300" may be 300."""
        return self.cue.startswith(_MOST)


# Units that are never the same thing: a number of years is not a number of dollars.
_STRICT = frozenset(
    {"%", "points", "clock", "score", "USD", "GBP", "EUR", "JPY", "KRW", "INR", "CNY", "RUB", "CHF"}
    | {
        stem(w)
        for w in "year month week day hour minute second mile kilometre metre meter km".split()
    }
    | {stem(w) for w in "kilometer feet foot inch kilogram kg ton tonne degree".split()}
)
_PER_UNIT = {  # how many of the second unit one of the first is
    ("mile", "kilomet"): 1.609, ("meter", "feet"): 3.281, ("kilogram", "pound"): 2.205,
    ("inch", "centimet"): 2.54, ("kilomet", "meter"): 1000.0, ("year", "month"): 12.0,
    ("week", "day"): 7.0, ("hour", "minut"): 60.0, ("day", "hour"): 24.0, ("decad", "year"): 10.0,
    ("centuri", "year"): 100.0, ("acr", "hectar"): 0.4047,
}  # fmt: skip
_CONVERTED = 0.03  # a converted number is rounded
_ABOUT = 0.05  # "about 350,000" may stand for 333,000 to 367,000
_BOUND = 0.25  # "more than 300" may stand for up to 375, "nearly 300" for 225 and more
_VAGUE_REACH = 100.0  # "hundreds" may stand for 100 to below 10,000


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities say the same, allowing for rounding and hedges.

    Strict units (%, currency, time, length) must agree; counted nouns need not, as the same
    things have many names.
    """
    if a.ordinal != b.ordinal or units_clash(a.unit, b.unit):
        return False
    if a.unit == b.unit == "score":
        return {a.value, a.high} == {b.value, b.high}
    if a.high is not None or b.high is not None:
        return _same_range(a, b)
    if VAGUE in (a.hedge, b.hedge):
        return _same_vague(a, b)
    if {a.hedge, b.hedge} == {"more_than", "less_than"}:
        return False
    if math.isclose(a.value, b.value, rel_tol=1e-9):
        return True
    if a.ordinal or not _same_bound(a, b):
        return False
    if "about" in (a.hedge, b.hedge):
        return abs(a.value - b.value) <= _ABOUT * max(abs(a.value), abs(b.value))
    return rounds_to(a.value, b.value) or rounds_to(b.value, a.value) or _bounded(a, b)


def units_clash(a: str | None, b: str | None) -> bool:
    """Tell whether two units cannot be of one thing; counted nouns have too many names to tell."""
    if a == b or {a, b} == {"pound", "GBP"}:
        return False
    if a is None or b is None:
        # A bare number may leave its unit out, but not its percent sign or currency.
        return (a or b) in ("%", "clock", "score")
    return a in _STRICT or b in _STRICT


def _same_range(a: Quantity, b: Quantity) -> bool:
    if a.high is not None and b.high is not None:
        return math.isclose(a.value, b.value) and math.isclose(a.high, b.high)
    single, span = (a, b) if a.high is None else (b, a)
    if span.high is None:
        return False
    if single.hedge == "more_than":
        return math.isclose(single.value, span.value)
    if single.hedge == "less_than":
        return math.isclose(single.value, span.high)
    return single.hedge == "about" and span.value <= single.value <= span.high


def _same_vague(a: Quantity, b: Quantity) -> bool:
    """Compare "hundreds" with "hundreds", or with a number from 100 to below 10,000."""
    if a.hedge == b.hedge:
        return a.value == b.value
    vague, exact = (a, b) if a.hedge == VAGUE else (b, a)
    reach = _VAGUE_REACH if vague.value < 1000 else 100 * _VAGUE_REACH
    return vague.value <= exact.value < vague.value * reach


def _same_bound(a: Quantity, b: Quantity) -> bool:
    """Two bounds of the same kind must be the same number."""
    return not (a.hedge == b.hedge and a.hedge in ("more_than", "less_than"))


def _bounded(a: Quantity, b: Quantity) -> bool:
    for bound, value in ((a, b), (b, a)):
        if value.hedge is not None:
            continue
        if bound.hedge == "more_than" and bound is a:
            return bound.value < value.value <= bound.value * (1 + _BOUND)
        if bound.hedge == "less_than" and bound is a:
            return bound.value * (1 - _BOUND) <= value.value < bound.value
    return False


def rounds_to(rounded: float, value: float) -> bool:
    """Tell whether `rounded` is `value` to fewer, but at least two, significant digits."""
    digits = _significant(rounded)
    if value == 0 or max(digits, 2) >= _significant(value):
        return False
    places = max(digits, 2) - 1 - math.floor(math.log10(abs(value)))
    return math.isclose(round(value, places), rounded, rel_tol=1e-9)


def _significant(value: float) -> int:
    return len(f"{abs(value):.12g}".replace(".", "").split("e")[0].strip("0")) or 1


def borne_out(claim: Quantity, said: Quantity) -> bool:
    """Tell whether the evidence, having `said`, bears the number of the claim out.

    Unlike `same_quantity` it has a direction: 312 bears out "more than 300", and "more than
    300" does not bear out 312. Leaving a hedge away is allowed, adding "exactly" is not.
    """
    converted = _converted(said, claim.unit)
    if converted is not None and not said.ordinal and not claim.ordinal:
        return abs(claim.value - converted) <= _CONVERTED * max(abs(converted), 1e-9)
    if claim.ordinal != said.ordinal and not claim.unit == said.unit == "minut":
        return False  # the 87th minute, after 87 minutes
    if units_clash(claim.unit, said.unit):
        return False
    if claim.unit == said.unit == "score":
        return {claim.value, claim.high} == {said.value, said.high}
    if claim.high is not None or said.high is not None:
        return _range_borne_out(claim, said)
    if VAGUE in (claim.hedge, said.hedge):
        return _vague_borne_out(claim, said)
    if claim.precise:
        return said.hedge is None and math.isclose(claim.value, said.value, rel_tol=1e-9)
    if claim.ordinal or claim.unit == "clock":
        return math.isclose(claim.value, said.value, rel_tol=1e-9)
    return _single_borne_out(claim, said)


def _converted(said: Quantity, unit: str | None) -> float | None:
    """Return the value in another unit of the same kind; None where there is no such unit."""
    if unit is None or said.unit is None or unit == said.unit or said.high is not None:
        return None
    if factor := _PER_UNIT.get((said.unit, unit)):
        return said.value * factor
    if factor := _PER_UNIT.get((unit, said.unit)):
        return said.value / factor
    return None


def _range_borne_out(claim: Quantity, said: Quantity) -> bool:
    if claim.high is not None and said.high is not None:
        return math.isclose(claim.value, said.value) and math.isclose(claim.high, said.high)
    if said.high is None:
        # "10 to 15" where the evidence has one number: not even 12 says so.
        return False
    if claim.hedge == "more_than":
        return math.isclose(claim.value, said.value)
    if claim.hedge == "less_than":
        return math.isclose(claim.value, said.high)
    return claim.hedge == "about" and said.value <= claim.value <= said.high


def _vague_borne_out(claim: Quantity, said: Quantity) -> bool:
    if said.hedge == VAGUE:
        return claim.hedge == VAGUE and claim.value == said.value
    value = said.value
    reach = _VAGUE_REACH if claim.value < 1000 else 100 * _VAGUE_REACH
    return claim.value <= value < claim.value * reach


def _single_borne_out(claim: Quantity, said: Quantity) -> bool:
    if claim.hedge == "more_than":
        return _above(claim, said)
    if claim.hedge == "less_than":
        return _below(claim, said)
    if claim.hedge == "about":
        return abs(claim.value - said.value) <= _ABOUT * max(abs(claim.value), abs(said.value))
    if math.isclose(claim.value, said.value, rel_tol=1e-9):
        return True
    return rounds_to(claim.value, said.value)


def _above(claim: Quantity, said: Quantity) -> bool:
    """Tell whether `said` is above what the claim calls a lower bound, and not far above."""
    if said.hedge == "less_than":
        return False
    equal = math.isclose(claim.value, said.value, rel_tol=1e-9)
    if equal:
        return said.hedge == "more_than" or (claim.at_least and said.hedge is None)
    if said.hedge == "more_than":
        return False  # true of a lower bound, but an edited number is far more likely
    return claim.value < said.value <= claim.value * (1 + _BOUND)


def _below(claim: Quantity, said: Quantity) -> bool:
    """Tell whether `said` is below what the claim calls an upper bound, and not far below."""
    if said.hedge == "more_than":
        return False
    if math.isclose(claim.value, said.value, rel_tol=1e-9):
        if said.hedge is None:
            return claim.at_most
        return said.hedge == "less_than" and (said.near or not claim.near)
    if said.hedge == "less_than":
        return False
    return claim.value * (1 - _BOUND) <= said.value < claim.value
