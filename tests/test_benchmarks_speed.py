"""The side-by-side benchmark with fake engines: what is chosen, fitted, counted and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import speed, workload
from benchmarks.engine_child import Job, Outcome, Written
from benchmarks.engines import EngineFailed
from benchmarks.kept_claims import kept_claims
from summarizer.data import Article
from summarizer.model import ModelFile
from summarizer.model.grammar import to_gbnf
from summarizer.model.interface import Strategy
from tests.conftest import make_article

SENTENCES = (
    "The Velmora bridge opened on 3 May 2021 after six years of work.",
    "It cost 412 million crowns, the city council said.",
    "Mayor Ilse Tarn cut the ribbon before 3,000 people.",
    "Trams will cross the bridge from September.",
)


def articles(count: int) -> list[Article]:
    return [
        make_article(*SENTENCES, f"Reporter number {i} was there.", source=f"{i}.txt")
        for i in range(count)
    ]


def model_file(strategy: Strategy = Strategy.WHOLE) -> ModelFile:
    return ModelFile(
        path=Path("model.gguf"), name="fake", sha256="0" * 64, strategy=strategy, context=4096
    )


def plan(**changes: Any) -> speed.Plan:
    values: dict[str, Any] = {
        "articles": articles(2),
        "model": model_file(),
        "engines": ("loop", "server", "ours", "limit"),
        "runs": 1,
        "threads": 2,
        "slots": 8,
        "parallel": None,
        "wait_s": 0.0,
    }
    return speed.Plan(**{**values, **changes})


@pytest.fixture(autouse=True)
def _quiet_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests are about the figures, not about what else runs on the machine."""
    monkeypatch.setattr(speed, "wait_until_quiet", lambda _wait_s: True)
    monkeypatch.setattr(speed, "Witness", lambda: FakeWitness(0.0))


class FakeWitness:
    def __init__(self, share: float) -> None:
        self._share = share

    def others_share(self) -> float:
        return self._share


def answer(*claims: tuple[int, str]) -> str:
    listed = [{"evidence": [i], "claim": text} for i, text in claims]
    return json.dumps({"headline": "Bridge opens", "claims": listed})


def written(article: Article, text: str, **changes: Any) -> Written:
    one: Written = {
        "id": f"{article.id}:0",
        "text": text,
        "complete": True,
        "tokens_read": 100,
        "tokens_written": 50,
    }
    return {**one, **changes}  # type: ignore[typeddict-item]


class FakeEngines:
    """Answers as the engines' processes do; `seconds` by engine, one after another."""

    def __init__(self, seconds: dict[str, list[float]] | None = None) -> None:
        self.seconds = seconds or {}
        self.jobs: list[tuple[str, Job]] = []

    def __call__(self, engine: str, job: Job) -> Outcome:
        self.jobs.append((engine, job))
        queue = self.seconds.get(engine)
        seconds = queue.pop(0) if queue else 10.0
        outcome: Outcome = {
            "load_seconds": 1.0,
            "seconds": seconds,
            "peak_rss_mib": 100.0,
            "tokens_read": 200,
            "tokens_written": 100,
            "sequences": 6,
        }
        if engine in ("loop", "server"):
            outcome["written"] = [
                {**w, "id": request["id"]}
                for request in job["requests"]
                for w in [written(make_article(), answer((1, SENTENCES[0])))]
            ]
        if engine == "ours":
            outcome["extractions"] = []
            outcome["model_seconds"] = 0.98 * seconds
            outcome["replay"] = [{"segments": [("Hello", True)], "tokens_written": 50}]
            outcome["batch_seconds"] = [float(len(batch)) for batch in job["batches"]]
            outcome["batch_tokens"] = [[1, 1] for _ in job["batches"]]
        return outcome


def measured(the_plan: speed.Plan, engines: FakeEngines) -> dict[str, Any]:
    return speed.report(the_plan, *speed.measure(the_plan, engines))


# -- the JSON -------------------------------------------------------------------------


def test_json_holds_what_the_issue_asks_for():
    figures = measured(plan(), FakeEngines({"loop": [60.0], "server": [30.0], "ours": [12.0]}))
    assert figures["articles_per_min"] == {"loop": 2.0, "server": 4.0, "ours": 10.0}
    assert {"ours", "limit"} <= set(figures["decode_tokens_per_s"])
    assert set(figures["supported_claims_per_article"]) == {"loop", "server", "ours"}
    assert figures["non_model_share"] == pytest.approx(0.02)
    assert set(figures["peak_rss_mib"]) == {"loop", "server", "ours", "limit"}
    assert figures["ratios"]["articles_per_min_ours_to_loop"] == 5.0
    assert len(figures["raw"]) == 4
    json.dumps(figures, allow_nan=False)


def test_engines_are_interleaved_and_figures_are_medians():
    engines = FakeEngines({"loop": [60.0, 600.0, 30.0]})
    figures = measured(plan(runs=3), engines)
    assert [name for name, _ in engines.jobs] == ["loop", "server", "ours", "limit"] * 3
    assert figures["seconds"]["loop"] == 60.0


def test_json_leaves_out_what_was_not_run():
    figures = measured(plan(engines=("loop",)), FakeEngines())
    assert set(figures["articles_per_min"]) == {"loop"}
    assert not {"non_model_share", "ratios"} & set(figures)


def test_share_of_time_is_left_out_where_the_engine_does_not_tell_it():
    engines = FakeEngines()

    def silent(engine: str, job: Job) -> Outcome:
        outcome = engines(engine, job)
        outcome.pop("model_seconds", None)
        return outcome

    rows, failures = speed.measure(plan(), silent)
    assert "non_model_share" not in speed.report(plan(), rows, failures)


def test_limit_repeats_the_prompts_tokens_and_sequences_of_ours():
    engines = FakeEngines()
    speed.measure(plan(), engines)
    job = dict(engines.jobs)["limit"]
    assert job["replay"] == [{"segments": [("Hello", True)], "tokens_written": 50}]
    assert job["parallel"] == 6


def test_limit_without_the_number_of_sequences_is_no_limit():
    engines = FakeEngines()

    def silent(engine: str, job: Job) -> Outcome:
        outcome = engines(engine, job)
        outcome["sequences"] = None
        return outcome

    rows, failures = speed.measure(plan(engines=("ours", "limit")), silent)
    assert [row.engine for row in rows] == ["ours"]
    assert len(failures) == 1 and "--parallel" in failures[0]


def test_limit_uses_the_weights_that_ours_used_and_the_json_says_so():
    engines = FakeEngines()

    def requantised(engine: str, job: Job) -> Outcome:
        outcome = engines(engine, job)
        if engine == "ours":
            outcome["weights"] = "cache/model.Q8_0.gguf"
        return outcome

    rows, _ = speed.measure(plan(), requantised)
    assert dict(engines.jobs)["limit"]["model_path"] == "cache/model.Q8_0.gguf"
    assert dict(engines.jobs)["loop"]["model_path"] == "model.gguf"
    assert {row.engine: row.weights for row in rows}["ours"] == "model.Q8_0.gguf"


def test_engine_that_fails_does_not_stop_the_others():
    engines = FakeEngines()

    def breaking(engine: str, job: Job) -> Outcome:
        if engine == "ours":
            raise EngineFailed("ours: its process ended with -11")
        return engines(engine, job)

    rows, failures = speed.measure(plan(), breaking)
    assert [row.engine for row in rows] == ["loop", "server"]
    assert len(failures) == 2  # ours, and the limit that has nothing to repeat


def test_run_beside_other_programs_is_named_and_fails(monkeypatch):
    monkeypatch.setattr(speed, "Witness", lambda: FakeWitness(0.4))
    figures = measured(plan(engines=("loop",)), FakeEngines())
    assert figures["disturbed"] == ["run 1: loop"]


def test_quiet_run_is_not_called_disturbed():
    assert measured(plan(), FakeEngines())["disturbed"] == []


# -- options --------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [["--only", "x"], ["--only", "d"], ["--articles", "0"]])
def test_wrong_option_is_refused(wrong, capsys):
    with pytest.raises(SystemExit) as stopped:
        speed.main(wrong)
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_main_writes_json_and_prints_a_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(speed, "make_plan", lambda _options, count: plan(articles=articles(count)))
    out = tmp_path / "deep" / "speed.json"
    code = speed.main(["--articles", "2", "--cost", "--json", str(out)], FakeEngines())
    figures = json.loads(out.read_text())
    assert code == 0
    assert figures["cost"]["articles"] == [5, 10, 20, 40]
    assert figures["cost"]["exponent"] == pytest.approx(1.0)
    assert "supported" in capsys.readouterr().out


def test_cost_alone_runs_no_comparison(tmp_path, monkeypatch):
    monkeypatch.setattr(
        speed, "make_plan", lambda _options, count: plan(runs=0, articles=articles(count))
    )
    engines = FakeEngines()
    out = tmp_path / "cost.json"
    assert speed.main(["--runs", "0", "--cost", "--json", str(out)], engines) == 0
    assert [name for name, _ in engines.jobs] == ["ours"]
    assert "articles_per_min" not in json.loads(out.read_text())


def test_missing_shared_folder_is_a_clear_message(tmp_path, monkeypatch, capsys):
    def none_here(_count: int) -> list[Article]:
        return workload.choose_articles(1, tmp_path / "shared")

    monkeypatch.setattr(speed, "choose_articles", none_here)
    assert speed.main(["--only", "a"], FakeEngines()) == 1
    assert "belongs beside the checkout" in capsys.readouterr().err


def test_missing_server_is_a_clear_message(monkeypatch):
    monkeypatch.setenv(speed.SERVER_VARIABLE, "")
    monkeypatch.setattr(speed, "server_path", lambda: None)
    with pytest.raises(EngineFailed, match=r"tools/build_server\.py"):
        speed.find_server()


# -- cost -----------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", [0.8, 1.0, 1.05, 2.0])
def test_exponent_of_a_power_law_is_found(exponent):
    sizes = [5, 10, 20, 40]
    seconds = [3.7 * size**exponent for size in sizes]
    assert speed.fitted_exponent(sizes, seconds) == pytest.approx(exponent)


def test_cost_sets_are_spread_over_the_largest():
    batches = speed.cost_batches(45)
    assert [len(set(batch)) for batch in batches] == [5, 10, 20, 40]
    assert batches[0] == [0, 8, 16, 24, 32]
    assert batches[3] == list(range(40))


def test_cost_of_more_articles_than_there_are_is_refused():
    with pytest.raises(workload.NoShared, match="needs 40"):
        speed.cost_batches(39)


# -- articles and prompts -------------------------------------------------------------


def clusters_file(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / workload.CLUSTERS
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps({"articles": [entry]}) + "\n" for entry in entries))
    return path


def entry(name: str, words: int = 200, **changes: Any) -> dict[str, Any]:
    text = f"Here is {name}. " + "The harbour counted ferries again. " * (words // 5)
    return {"id": name, "text": text, **changes}


def test_documents_are_taken_in_order_without_noise_wrong_length_and_repeats(tmp_path):
    path = clusters_file(
        tmp_path,
        entry("first"),
        entry("noise", maybe_noise=True),
        entry("short", words=50),
        entry("long", words=2000),
        {**entry("first"), "id": "again"},
        entry("second"),
        entry("third"),
    )
    assert [one.source for one in workload.cluster_articles(path, 2)] == ["first", "second"]


def test_shared_articles_come_first(tmp_path):
    clusters_file(tmp_path, entry("cluster"))
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "own.txt").write_text(entry("own")["text"])
    assert [one.source for one in workload.choose_articles(2, tmp_path)] == ["own.txt", "cluster"]
    with pytest.raises(workload.NoShared, match="has 2"):
        workload.choose_articles(3, tmp_path)


@pytest.mark.shared
def test_shared_data_has_the_articles_of_the_benchmark(shared_dir):
    chosen = workload.choose_articles(45, shared_dir)
    assert len({article.id for article in chosen}) == 45
    assert [one.id for one in workload.choose_articles(8, shared_dir)] == [a.id for a in chosen[:8]]


def test_plain_prompt_numbers_every_sentence_and_offers_every_id():
    (article,) = articles(1)
    request = workload.whole_request(article)
    assert all(f"[{i}] " in request["message"] for i in range(1, len(article.sentences) + 1))
    assert "{{" not in request["message"]
    schema = workload.plain_schema(len(article.sentences), 3)
    ids = schema["properties"]["claims"]["items"]["properties"]["evidence"]["items"]["enum"]
    assert ids == [1, 2, 3, 4, 5]
    assert to_gbnf(schema)


def test_plain_prompt_has_the_limits_of_ours():
    (article,) = articles(1)
    count, max_tokens = workload.limits_of_ours(article)
    request = workload.whole_request(article)
    assert request["max_tokens"] == max_tokens > 0
    assert f"at most {count} of them" in request["message"]


def test_server_schema_keeps_the_length_in_an_anchored_pattern():
    schema = workload.plain_schema(2, 2)
    claim = workload.server_schema(schema)["properties"]["claims"]["items"]["properties"]["claim"]
    assert claim["pattern"].startswith("^") and claim["pattern"].endswith("$")
    assert "{14,399}" in claim["pattern"] and "maxLength" not in claim
    assert "maxLength" in schema["properties"]["claims"]["items"]["properties"]["claim"]


def test_guided_model_gets_one_request_a_sentence_with_the_grammar_of_ours():
    requests = workload.plain_requests(articles(1), Strategy.GUIDED)
    assert len(requests) > 1
    assert all(one["gbnf"].startswith("root ::=") and one["schema"] is None for one in requests)


# -- claims ---------------------------------------------------------------------------


def kept_of(*answers: str) -> Any:
    some = articles(len(answers))
    outcome: Outcome = {"written": [written(a, t) for a, t in zip(some, answers, strict=True)]}
    return kept_claims(outcome, some, Strategy.WHOLE)


def test_supported_claim_counts_and_a_false_one_does_not():
    kept = kept_of(answer((1, SENTENCES[0]), (3, "Mayor Ilse Tarn resigned over 9,000 crowns.")))
    assert (kept.claims, kept.supported) == (2, 1)


def test_claim_told_twice_is_one():
    kept = kept_of(answer((1, SENTENCES[0]), (1, SENTENCES[0].replace(" after", ", after"))))
    assert (kept.claims, kept.supported) == (2, 1)


def test_answer_that_is_cut_off_has_no_claims_and_is_counted():
    kept = kept_of(answer((1, SENTENCES[0])), answer((1, SENTENCES[0]))[:-5])
    assert (kept.supported, kept.unusable) == (1, 1)


def test_sentences_that_fill_up_a_brief_are_no_claims_of_the_engine():
    assert kept_of(answer((3, "Mayor Ilse Tarn resigned over 9,000 crowns."))).supported == 0


def test_guided_answers_go_the_way_of_ours():
    some = articles(1)
    requests = workload.plain_requests(some, Strategy.GUIDED)
    answers: list[Written] = [
        {
            "id": request["id"],
            "text": some[0].sentence_text(int(request["id"].split(":")[1])),
            "complete": True,
            "tokens_read": 1,
            "tokens_written": 1,
        }
        for request in requests
    ]
    kept = kept_claims({"written": answers}, some, Strategy.GUIDED)
    assert 0 < kept.supported <= kept.claims == len(requests)
