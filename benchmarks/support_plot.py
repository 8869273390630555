"""A reliability plot as SVG, written by hand: score against share supported, a panel a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from benchmarks.support_figures import Bin, ece

_SIDE = 150  # of a panel's plot, in SVG units
_MARGIN = 34  # around it: axis labels, title
_COLUMNS = 4
_LARGEST = 7.0  # radius of a point that holds half of the rows


def reliability_svg(sets: Mapping[str, Sequence[Bin]]) -> str:
    """Return an SVG with a panel for each set; a point a bin, its area by its rows.

    On the diagonal a score means what it says: of claims with 0.8, 80 % are supported.
    """
    cell = _SIDE + 2 * _MARGIN
    columns = max(1, min(_COLUMNS, len(sets)))
    rows = -(-len(sets) // columns)
    panels = [
        f'<g transform="translate({i % columns * cell + _MARGIN},{i // columns * cell + _MARGIN})">'
        f"\n{_panel(name, some)}\n</g>"
        for i, (name, some) in enumerate(sets.items())
    ]
    width, height = columns * cell, max(rows, 1) * cell
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="10">',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *panels,
            "</svg>",
            "",
        ]
    )


def _panel(name: str, some: Sequence[Bin]) -> str:
    error = ece(some)
    title = escape(name) + ("" if error is None else f" · ECE {error:.3f}")
    rows = sum(b.rows for b in some)
    points = [(b.score * _SIDE, (1 - b.supported) * _SIDE, b.rows / rows) for b in some]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    return "\n".join(
        [
            f'<text x="0" y="-8" fill="#222222">{title}</text>',
            f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999999"/>',
            f'<line x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0" stroke="#cccccc"/>',
            f'<polyline points="{line}" fill="none" stroke="#2266aa"/>',
            *(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" '
                f'r="{max(1.5, _LARGEST * (2 * share) ** 0.5):.1f}" fill="#2266aa"/>'
                for x, y, share in points
            ),
            _label(0, _SIDE + 12, "start", "0"),
            _label(_SIDE / 2, _SIDE + 12, "middle", "score"),
            _label(_SIDE, _SIDE + 12, "end", "1"),
            _label(-4, 8, "end", "1"),
            f'<text transform="translate(-8,{_SIDE / 2:.0f}) rotate(-90)" text-anchor="middle" '
            'fill="#666666">supported</text>',
        ]
    )


def _label(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x:.0f}" y="{y}" text-anchor="{anchor}" fill="#666666">{text}</text>'
