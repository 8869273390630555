"""What a wheel of this checkout holds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = """
from summarizer.assets import asset
from summarizer.model.catalogue import load_catalogue
from summarizer.extract.prompts import fill
assert all(asset(name).is_relative_to({site!r}) for name in ("prompts", "schemas", "models.txt"))
assert load_catalogue() and fill("extract_claims.v1", article="x", count=2)
"""


def test_wheel_finds_its_prompts_schemas_and_models(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    build += ["--no-index", "--disable-pip-version-check", "-w", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    run = [sys.executable, "-P", "-c", CODE.format(site=str(site))]
    done = subprocess.run(
        run, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(site)}
    )
    assert done.returncode == 0, done.stderr
