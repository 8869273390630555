"""What shaped a model's answer and its verdicts, as a hash: it tells what has become stale."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from summarizer.assets import asset
from summarizer.data import ModelInfo
from summarizer.model import VERIFIER
from summarizer.pipeline import BriefOptions, versions

Recipe = tuple[str, dict[str, str]]  # the hash, and of what it was made


def extraction_recipe(model: ModelInfo, options: BriefOptions) -> Recipe:
    """Return the recipe of what `model` says: its weights, prompt, schema and seed.

    The texts of prompt and schema count, not their names.
    """
    used = versions(model.strategy)
    return _recipe(
        {
            "model": model.name,
            "model_sha256": str(model.sha256),
            "strategy": model.strategy,
            "adapter": _file_sha256(options.lora) if options.lora else "",
            "reproducible": str(options.reproducible),
            "seed": str(options.seed),
            "prompt": used.prompt,
            "prompt_sha256": _asset_sha256(f"prompts/{used.prompt}.txt"),
            "schema": used.claims_schema,
            "schema_sha256": _asset_sha256(f"schemas/{used.claims_schema}.json"),
        }
    )


def verdict_recipe(extraction: str, options: BriefOptions, *, verifier: bool) -> Recipe:
    """Return the recipe of the verdicts on an answer.

    Args:
        extraction: the recipe of the answer; "" where no model was asked.
        options: strictness counts.
        verifier: whether the entailment model was there to be asked.
    """
    parts = {
        "extraction": extraction,
        "summarizer": versions("extractive").summarizer,
        "calibration_sha256": _asset_sha256(f"verifiers/{VERIFIER}.json"),
        "strictness": str(options.strictness),
    }
    if verifier:
        parts["verifier_sha256"] = _asset_sha256(f"verifiers/{VERIFIER}.gguf")
    return _recipe(parts)


def _recipe(parts: dict[str, str]) -> Recipe:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(), parts


@cache
def _asset_sha256(name: str) -> str:
    try:
        return hashlib.sha256(asset(name).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""  # asking the verifier will fail and say so


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
