"""Options that several commands have."""

from __future__ import annotations

import click

from summarizer.validate import DEFAULT_STRICTNESS

strictness = click.option(
    "--strictness",
    type=click.FloatRange(0, 1),
    default=DEFAULT_STRICTNESS,
    show_default=True,
    help="0 lets most claims pass, 1 refuses most.",
)
no_verifier = click.option(
    "--no-verifier",
    is_flag=True,
    help="Deterministic checks alone, without the entailment model.",
)
