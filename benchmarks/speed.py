"""Ours beside what a user would pick instead, on the same articles, in one run, interleaved.

    python -m benchmarks.speed --model qwen2.5-coder-1.5b-instruct --articles 8 --json OUT

a loop    a plain loop of Llama.create_chat_completion, same prompt, schema and token limits
b server  llama-server with slots, cached prompt and JSON Schema, every slot kept busy
c ours    open_model and extract_claims over all articles at once
d limit   the bare limit: what c read and wrote, in as many sequences, no grammar, no checks

The order is a, b, c, d, a, b, … and the figures are medians over the runs. Each engine runs in a
process of its own, is timed after its model is loaded and warm, and its claims are checked after
the time is taken. Articles and prompts: benchmarks/workload.py. Rates are tokens of the prompts as
asked, and tokens written, by the wall time of the whole job, reading and writing together, since
engines that batch do both at once; `phases` has them apart where that can be measured.
`supported_claims_per_article` counts the model's claims that a brief would keep, each once.
`non_model_share` is the share of ours' wall time that was not spent inside llama_decode.

Other programs on the cores spoil a comparison (benchmarks/quiet.py says how much): each engine
waits for quiet ones, and a run that was disturbed all the same is named and makes the exit code 1.

--cost times ours on 5, 10, 20 and 40 articles and fits seconds = c * articles ** exponent; the
smaller sets are every eighth, fourth and second of the 40, so that all are of one kind.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.engine_child import Job, Outcome
from benchmarks.engines import EngineFailed, run_engine
from benchmarks.kept_claims import kept_claims
from benchmarks.quiet import DISTURBED_SHARE, Witness, wait_until_quiet
from benchmarks.workload import NoShared, choose_articles, plain_requests
from summarizer.data import Article
from summarizer.errors import SummarizerError
from summarizer.model import ModelFile, resolve
from tools.build_server import server_path

LETTERS = {"a": "loop", "b": "server", "c": "ours", "d": "limit"}
WRITERS = ("loop", "server", "ours")  # the limit writes no claims
COST_SIZES = (5, 10, 20, 40)
SERVER_VARIABLE = "SUMMARIZER_LLAMA_SERVER"

Runner = Callable[[str, Job], Outcome]


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    articles: Sequence[Article]
    model: ModelFile
    engines: tuple[str, ...]
    runs: int
    threads: int
    slots: int
    parallel: int | None  # sequences of ours; None: its own choice
    server: str = ""  # path of llama-server
    wait_s: float = 0.0  # for other programs to leave the cores alone, before each engine


@dataclass(frozen=True)
class Row:
    """One engine in one run."""

    run: int
    engine: str
    load_seconds: float
    seconds: float
    articles_per_min: float
    prompt_tokens_per_s: float
    decode_tokens_per_s: float
    tokens_read: int
    tokens_written: int
    peak_rss_mib: float
    sequences: int | None
    phases: dict[str, float]
    others_share: float  # of all cores, taken by other programs meanwhile (benchmarks/quiet.py)
    tokens_decoded: int | None = None  # of the prompts, where the engine tells what it cached
    non_model_share: float | None = None
    weights: str | None = None  # the name of the file, where it is not the one that was named
    claims_per_article: float | None = None
    supported_claims_per_article: float | None = None
    supported_sentences_per_article: float | None = None
    unusable_answers: int | None = None


def measure(plan: Plan, run: Runner) -> tuple[list[Row], list[str]]:
    """Run the engines in turn; return a row each, and what failed."""
    rows: list[Row] = []
    failures: list[str] = []
    requests = plain_requests(plan.articles, plan.model.strategy)
    for number in range(1, plan.runs + 1):
        ours: Outcome | None = None
        for engine in plan.engines:
            job = job_of(plan, engine)
            job["requests"] = requests if engine in ("loop", "server") else []
            if engine == "limit":
                if problem := repeat_ours(job, ours):
                    failures.append(f"run {number}: {problem}")
                    continue
            if not wait_until_quiet(plan.wait_s):
                _say(f"other programs are still busy after {plan.wait_s:.0f} s")
            _say(f"run {number} of {plan.runs}: {engine} … ", end="")
            witness = Witness()
            try:
                outcome = run(engine, job)
            except EngineFailed as error:
                failures.append(f"run {number}: {error}")
                _say("failed")
                continue
            ours = outcome if engine == "ours" else ours
            rows.append(row_of(number, engine, outcome, plan, witness.others_share()))
            _say(_line(rows[-1]))
    return rows, failures


def repeat_ours(job: Job, ours: Outcome | None) -> str:
    """Give the limit the work of ours: its prompts, tokens, sequences and weights; or say why not.

    Where ours does not tell its number of sequences there is no limit to compare it with.
    """
    if ours is None:
        return "the limit repeats what ours did, which failed"
    if ours["sequences"] is None:
        return "ours does not tell how many sequences it had, so there is no limit: give --parallel"
    job["replay"], job["parallel"] = ours["replay"], ours["sequences"]
    job["model_path"] = ours.get("weights", job["model_path"])
    return ""


def _line(row: Row) -> str:
    told = f"{row.seconds:.1f} s, {row.articles_per_min:.2f} articles/min"
    return f"{told}, DISTURBED {row.others_share:.0%}" if disturbed(row) else told


def disturbed(row: Row) -> bool:
    """Return whether other programs took so much of the cores that the row proves nothing."""
    return row.others_share > DISTURBED_SHARE


def job_of(plan: Plan, engine: str) -> Job:
    """Return what `engine` has to know, its prompts aside."""
    job: Job = {
        "model_path": str(plan.model.path),
        "model_name": str(plan.model.path),
        "threads": plan.threads,
    }
    if engine == "server":
        job["server"], job["slots"] = plan.server, plan.slots
    if engine == "ours":
        job["articles"] = [article.model_dump(mode="json") for article in plan.articles]
        job["batches"] = [list(range(len(plan.articles)))]
        job["parallel"] = plan.parallel
    return job


def row_of(
    number: int, engine: str, outcome: Outcome, plan: Plan, others_share: float = 0.0
) -> Row:
    """Turn an outcome into figures; the claims are checked here, outside the time."""
    seconds = max(outcome["seconds"], 1e-9)
    model_seconds = outcome.get("model_seconds")
    row = Row(
        run=number,
        engine=engine,
        load_seconds=outcome["load_seconds"],
        seconds=seconds,
        articles_per_min=60 * len(plan.articles) / seconds,
        prompt_tokens_per_s=outcome["tokens_read"] / seconds,
        decode_tokens_per_s=outcome["tokens_written"] / seconds,
        tokens_read=outcome["tokens_read"],
        tokens_decoded=outcome.get("tokens_decoded"),
        tokens_written=outcome["tokens_written"],
        peak_rss_mib=outcome["peak_rss_mib"],
        sequences=outcome["sequences"],
        phases=outcome.get("phases", {}),
        others_share=round(others_share, 4),
        weights=own_weights(plan, outcome),
        non_model_share=None if model_seconds is None else 1 - model_seconds / seconds,
    )
    if engine not in WRITERS:
        return row
    kept, count = kept_claims(outcome, plan.articles, plan.model.strategy), len(plan.articles)
    return Row(
        **{
            **asdict(row),
            "claims_per_article": kept.claims / count,
            "supported_claims_per_article": kept.supported / count,
            "supported_sentences_per_article": kept.sentences / count,
            "unusable_answers": kept.unusable,
        }
    )


def own_weights(plan: Plan, outcome: Outcome) -> str | None:
    """Return the name of the model file where an engine loaded another than the one named."""
    weights = outcome.get("weights")
    return Path(weights).name if weights and Path(weights) != plan.model.path else None


def report(plan: Plan, rows: Sequence[Row], failures: Sequence[str]) -> dict[str, Any]:
    """Return the JSON: medians over the runs, by engine; what was not run is not there."""
    out: dict[str, Any] = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "model": plan.model.name,
        "sha256": plan.model.sha256,
        "strategy": plan.model.strategy.value,
        "llama_cpp_python": version("llama-cpp-python"),
        "articles": len(plan.articles),
        "words": sum(len(article.text.split()) for article in plan.articles),
        "runs": plan.runs,
        "threads": plan.threads,
    }
    out["articles_per_min"] = medians(rows, "articles_per_min", WRITERS)
    for name in (
        "supported_claims_per_article",
        "supported_sentences_per_article",
        "claims_per_article",
        "unusable_answers",
        "decode_tokens_per_s",
        "prompt_tokens_per_s",
        "tokens_read",
        "tokens_decoded",
        "tokens_written",
        "peak_rss_mib",
        "load_seconds",
        "seconds",
        "sequences",
    ):
        out[name] = medians(rows, name)
    share = medians(rows, "non_model_share")
    if "ours" in share:
        out["non_model_share"] = share["ours"]
    out["ratios"] = ratios(out)
    # Without a figure there is no key: nothing reads as if it had been measured.
    return {
        **{key: value for key, value in out.items() if value != {}},
        "raw": [asdict(row) for row in rows],
        "failures": list(failures),
        # Not left out of the medians, which would be choosing among results: measure again.
        "disturbed": [f"run {row.run}: {row.engine}" for row in rows if disturbed(row)],
    }


def medians(
    rows: Sequence[Row], name: str, engines: Sequence[str] = tuple(LETTERS.values())
) -> dict[str, float]:
    """Return the median of a figure over the runs, by engine that has it."""
    found: dict[str, float] = {}
    for engine in engines:
        values = [getattr(row, name) for row in rows if row.engine == engine]
        values = [value for value in values if value is not None]
        if values:
            found[engine] = round(statistics.median(values), 4)
    return found


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """Return how ours compares with each of the others that were run."""
    pairs = {
        "articles_per_min_ours_to_loop": ("articles_per_min", "loop"),
        "articles_per_min_ours_to_server": ("articles_per_min", "server"),
        "decode_ours_to_limit": ("decode_tokens_per_s", "limit"),
    }
    found = {}
    for name, (figure, other) in pairs.items():
        values = figures[figure]
        if "ours" in values and values.get(other):
            found[name] = round(values["ours"] / values[other], 4)
    return found


def measure_cost(plan: Plan, run: Runner, sizes: Sequence[int] = COST_SIZES) -> dict[str, Any]:
    """Time ours for each number of articles, in one process, after its model is warm."""
    batches = cost_batches(len(plan.articles), sizes)
    job = job_of(plan, "ours")
    job["batches"] = batches
    _say(f"cost of {', '.join(str(len(batch)) for batch in batches)} articles … ", end="")
    wait_until_quiet(plan.wait_s)
    witness = Witness()
    outcome = run("ours", job)
    others_share = witness.others_share()
    seconds = outcome["batch_seconds"]
    exponent = fitted_exponent([len(batch) for batch in batches], seconds)
    _say(f"exponent {exponent:.3f}")
    return {
        "articles": [len(batch) for batch in batches],
        "seconds": [round(one, 3) for one in seconds],
        "words": [sum(len(plan.articles[i].text.split()) for i in batch) for batch in batches],
        "tokens_read": [read for read, _ in outcome["batch_tokens"]],
        "tokens_written": [written for _, written in outcome["batch_tokens"]],
        "exponent": round(exponent, 4),
        "others_share": round(others_share, 4),
    }


def cost_batches(available: int, sizes: Sequence[int] = COST_SIZES) -> list[list[int]]:
    """Return indexes of articles for each size: evenly spread over the largest set.

    Raises:
        NoShared: there are fewer articles than the largest size.
    """
    most = max(sizes)
    if available < most:
        raise NoShared(f"--cost needs {most} articles, there are {available}")
    return [[i * most // size for i in range(size)] for size in sizes]


def fitted_exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return e of the least-squares fit log(seconds) = e * log(size) + constant."""
    slope, _ = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(one) for one in seconds]
    )
    return slope


def table_of(figures: dict[str, Any], engines: Sequence[str]) -> Table:
    """Return the medians as a table, an engine a line."""
    title = f"{figures['model']}, {figures['articles']} articles, {figures['runs']} runs"
    table = Table(title=title)
    columns = {
        "articles/min": "articles_per_min",
        "supported/article": "supported_claims_per_article",
        "unusable": "unusable_answers",
        "prompt tok/s": "prompt_tokens_per_s",
        "decode tok/s": "decode_tokens_per_s",
        "read": "tokens_read",
        "written": "tokens_written",
        "peak MiB": "peak_rss_mib",
        "load s": "load_seconds",
        "wall s": "seconds",
    }
    table.add_column("engine")
    for name in columns:
        table.add_column(name, justify="right")
    whole = {"tokens_read", "tokens_written", "unusable_answers", "peak_rss_mib"}
    for engine in engines:
        cells = [figures.get(key, {}).get(engine) for key in columns.values()]
        shown = [
            "-" if value is None else f"{value:.0f}" if key in whole else f"{value:.2f}"
            for key, value in zip(columns.values(), cells, strict=True)
        ]
        table.add_row(engine, *shown)
    return table


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=8, help="45 at most (default 8)")
    parser.add_argument("--model", default="qwen2.5-coder-1.5b-instruct")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--only", default="a,b,c,d", help="engines, by letter: a,b,c,d")
    parser.add_argument("--runs", type=int, default=3, help="0: only what --cost asks for")
    parser.add_argument("--cost", action="store_true", help="time ours on 5 to 40 articles")
    parser.add_argument("--parallel", type=int, help="sequences of ours and the limit")
    parser.add_argument("--slots", type=int, default=8, help="of llama-server (default 8)")
    parser.add_argument("--timeout", type=float, default=3600.0, help="seconds an engine may take")
    parser.add_argument("--wait", type=float, default=300.0, help="seconds for quiet cores, each")
    options = parser.parse_args(arguments)
    letters = [letter for letter in options.only.replace(",", " ").split() if letter]
    if unknown := sorted(set(letters) - set(LETTERS)):
        parser.error(f"--only knows a, b, c and d, not {', '.join(unknown)}")
    if "d" in letters and "c" not in letters:
        parser.error("d writes as many tokens as c wrote: give --only c,d")
    if options.articles < 1 or options.runs < 0 or options.slots < 1:
        parser.error("--articles and --slots are at least 1, --runs at least 0")
    options.engines = tuple(LETTERS[letter] for letter in sorted(set(letters)))
    return options


def find_server() -> str:
    """Return the path of llama-server: SUMMARIZER_LLAMA_SERVER, else the one in the cache.

    Raises:
        EngineFailed: there is none; the message says how to get it.
    """
    given = os.environ.get(SERVER_VARIABLE)
    found = Path(given) if given else server_path()
    if found is None or not found.is_file():
        raise EngineFailed(
            f"no llama-server{f' at {given}' if given else ''}: build it with "
            f"`python tools/build_server.py`, name one in {SERVER_VARIABLE}, or leave it out "
            "with --only a,c,d"
        )
    return str(found)


def make_plan(options: argparse.Namespace, count: int) -> Plan:
    """Find articles, model and server.

    Raises:
        NoShared, EngineFailed, SummarizerError: one of them is not there.
    """
    needs_server = "server" in options.engines and options.runs
    articles = choose_articles(count)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Plan(
        articles=articles,
        model=resolve(options.model),
        engines=options.engines,
        runs=options.runs,
        threads=cores or 1,
        slots=options.slots,
        parallel=options.parallel,
        server=find_server() if needs_server else "",
        wait_s=options.wait,
    )


def main(arguments: Sequence[str] | None = None, run: Runner | None = None) -> int:
    """Measure, print and write; return 1 where something failed."""
    options = _options(arguments)

    def run_for_real(engine: str, job: Job) -> Outcome:
        return run_engine(engine, job, timeout_s=options.timeout)

    runner = run or run_for_real
    try:
        plan = make_plan(options, options.articles)
        cost_plan = make_plan(options, max(COST_SIZES)) if options.cost else None
    except (NoShared, EngineFailed, SummarizerError) as error:
        _say(f"{error}\n{getattr(error, 'hint', '')}".rstrip())
        return 1
    rows, failures = measure(plan, runner)
    cost: dict[str, Any] = {}
    if cost_plan:
        try:
            cost = measure_cost(cost_plan, runner)
        except EngineFailed as error:
            failures.append(f"cost: {error}")
    figures = report(plan, rows, failures)
    if cost:
        figures["cost"] = cost
        if cost["others_share"] > DISTURBED_SHARE:
            figures["disturbed"].append("cost")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    show(figures, [engine for engine in plan.engines if engine in figures.get("seconds", {})])
    return 1 if failures or figures["disturbed"] else 0


def show(figures: dict[str, Any], engines: Sequence[str]) -> None:
    """Print the table, the ratios, the cost and the failures."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    if engines:
        console.print(table_of(figures, engines))
    for name, value in figures.get("ratios", {}).items():
        print(f"{name:34} {value:.3f}")
    if "non_model_share" in figures:
        print(f"{'non_model_share':34} {figures['non_model_share']:.4f}")
    elif "ours" in engines:
        print("non_model_share: this engine does not tell how long it was in llama_decode")
    for count, seconds in zip(
        figures.get("cost", {}).get("articles", ()),
        figures.get("cost", {}).get("seconds", ()),
        strict=True,
    ):
        print(f"{count:3} articles {seconds:9.1f} s")
    if "cost" in figures:
        print(f"{'exponent':34} {figures['cost']['exponent']:.3f}")
    for spoilt in figures["disturbed"]:
        print(f"DISTURBED by other programs, not to be relied on: {spoilt}", file=sys.stderr)
    for failure in figures["failures"]:
        print(f"failed: {failure}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
