"""What shapes a brief beside its articles and its model."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from summarizer.data import Brief, Record
from summarizer.validate import DEFAULT_STRICTNESS

MAX_FACTS = 12  # of a story: what fits a page


class BriefOptions(Record):
    """What shapes a brief beside its articles and its model."""

    max_facts: int | None = Field(
        default=MAX_FACTS, ge=1, description="facts a story, at most; None: all"
    )
    max_words: int | None = Field(
        default=None, ge=1, description="words of all facts together, at most; None: any number"
    )
    strictness: float = Field(
        default=DEFAULT_STRICTNESS,
        ge=0,
        le=1,
        description="0 lets most claims pass, 1 refuses most; how often either is wrong is known",
    )
    verifier: bool = Field(
        default=True, description="ask the entailment model, not the deterministic checks alone"
    )
    seed: int = 0
    parallel: int = Field(
        default=0, ge=0, description="articles under way at once; 0: by cores and memory"
    )
    lora: Path | None = Field(default=None, description="a GGUF adapter for a local model")
    reproducible: bool = Field(
        default=False, description="a claim depends on its article alone, whatever else is there"
    )
    since: Brief | None = Field(
        default=None, description="an earlier brief: every fact is marked with what became of it"
    )
    same_fact: Path | None = Field(
        default=None, description="a layer that says whether claims say the same; none ships"
    )
    reference: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="facts to measure the brief's coverage by"
    )
