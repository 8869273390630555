"""A model in a child process that crashes, hangs and is killed; the child does as it is told."""

from __future__ import annotations

import gc
import logging
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from summarizer.errors import ConfigError, GenerationError, ModelFileError, ModelUnavailable
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Prompt,
    Question,
    Segment,
    Usage,
)
from summarizer.model.process import ProcessModel
from summarizer.model.protocol import EngineOptions
from tests.scripted_child import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends children by signals")

ROOT = Path(__file__).resolve().parent.parent


class Desk:
    """Opens models over scripted children, and knows what these noted."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.models: list[ProcessModel] = []
        self.programs: list[subprocess.Popen[str]] = []

    def open(self, file: str = "x.gguf", *, name: str = "x", **options: Any) -> ProcessModel:
        engine = EngineOptions(path=Path(file), name=name, parallel=options.pop("parallel", 4))
        model = ProcessModel(engine, command=command(self.log), **options)
        self.models.append(model)
        return model

    def noted(self, word: str) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.removeprefix(word + " ") for line in lines if line.startswith(word)]

    def tried(self) -> Counter[str]:
        """Return how often each text got under way."""
        return Counter(eval(text) for text in self.noted("started"))

    def pids(self) -> list[int]:
        return [int(pid) for pid in self.noted("opened")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    for model in desk.models:
        model.close()
    for program in desk.programs:
        with program:
            program.kill()
    assert gone(desk.pids()), "a child was left"


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessModel]:
    """A model that the tests which crash nothing share."""
    folder = tmp_path_factory.mktemp("steady")
    model = ProcessModel(
        EngineOptions(path=Path("x.gguf"), name="x"), command=command(folder / "log")
    )
    yield model
    model.close()


def gone(pids: list[int], *, within_s: float = 2.0) -> bool:
    """Wait until none of `pids` is there any more (or only as a zombie of somebody else's)."""

    def there(pid: int) -> bool:
        try:
            return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return wait_for(lambda: not any(there(pid) for pid in pids), within_s=within_s)


def wait_for(done: Callable[[], bool], *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def ask(text: str, name: str = "") -> Prompt:
    return Prompt(id=name or text, segments=(Segment(text=text),), max_tokens=9)


def question(text: str) -> Question:
    return Question(id=text, segments=(Segment(text=text),))


def answers(model: ProcessModel, *texts: str) -> dict[str, Answer]:
    """Return the answer to each text; each came exactly once."""
    found = list(model.generate([ask(text) for text in texts]))
    assert Counter(answer.prompt_id for answer in found) == Counter(texts)
    return {answer.prompt_id: answer for answer in found}


def failed(found: dict[str, Answer]) -> set[str]:
    """Return the texts that failed; all others have their own answer."""
    for text, answer in found.items():
        if answer.finish is FinishReason.FAILED:
            assert answer.problem
        else:
            assert answer.text == f"<{text}>"
    return {text for text, answer in found.items() if answer.finish is FinishReason.FAILED}


# --- without crashes ----------------------------------------------------------------------------


def test_every_prompt_is_answered_once_in_the_order_of_finishing(steady):
    found = list(steady.generate([ask("slow 9"), ask("a"), ask("slow 3"), ask("b")]))
    assert [a.prompt_id for a in found] == ["a", "b", "slow 3", "slow 9"]
    assert steady.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00 a\nb\r\n\x1b[31m",
        "\u2028\u2029\x85",
        "lone \ud800 surrogate",
        "\U0001f6a2 é \ufeff",
    ],
)
def test_text_survives_the_way_there_and_back(steady, text):
    (answer,) = steady.generate([ask(text, name=f"id {text}")])
    assert (answer.prompt_id, answer.text) == (f"id {text}", f"<{text}>")


def test_large_text_survives_the_way_there_and_back(steady):
    text = "slow 0 " + "é\n" * 300_000
    assert answers(steady, text)[text].text == f"<{text}>"


def test_prompt_too_long_for_a_message_fails_alone(steady):
    found = list(steady.generate([ask("a"), ask("x" * (17 << 20), name="huge"), ask("b")]))
    assert {a.prompt_id: a.finish for a in found} == {
        "a": FinishReason.STOP,
        "b": FinishReason.STOP,
        "huge": FinishReason.FAILED,
    }


def test_same_id_twice_and_used_again_is_answered_each_time(steady):
    for _ in range(2):
        found = list(steady.generate([ask("a", name="same"), ask("b", name="same")]))
        assert [(a.prompt_id, a.text) for a in found] == [("same", "<a>"), ("same", "<b>")]


def test_questions_can_be_judged_between_two_answers(steady):
    running = steady.generate([ask("a"), ask("slow 4"), ask("slow 30")])
    assert next(running).text == "<a>"
    judged = {j.question_id: j.score for j in steady.judge([question("a"), question("slow 4")])}
    assert judged == {"a": 1.0, "slow 4": 6.0}
    assert [a.text for a in running] == ["<slow 4>", "<slow 30>"]


def test_two_generators_at_once_get_their_own_answers(steady):
    first = steady.generate([ask("a"), ask("slow 5")])
    second = steady.generate([ask("b"), ask("slow 2")])
    got = [next(first).text, next(second).text, next(second).text, next(first).text]
    assert got == ["<a>", "<b>", "<slow 2>", "<slow 5>"]


def test_request_that_the_engine_refuses_fails_alone(steady):
    found = answers(steady, "a", "refuse", "b")
    assert failed(found) == {"refuse"}
    assert "no such grammar" in found["refuse"].problem


def test_question_that_the_engine_refuses_is_an_error(steady):
    with pytest.raises(GenerationError, match="no such grammar"):
        list(steady.judge([question("a"), question("refuse")]))
    assert [j.question_id for j in steady.judge([question("a")])] == ["a"]


def test_prints_of_a_library_do_not_disturb(steady):
    assert failed(answers(steady, "rubbish", "noise", "a")) == set()
    assert steady.problems == ()


def test_no_prompts_no_answers(steady):
    assert list(steady.generate([])) == []
    assert list(steady.judge([])) == []


def test_context_size_is_the_engines(steady):
    assert steady.context_tokens == 2048


def test_usage_grows_to_the_end_and_is_of_this_call(steady):
    answers(steady, "a", "b")
    seen: list[Usage] = []
    texts = ["a", "slow 40", "b", "slow 20"]
    list(steady.generate([ask(text) for text in texts], on_usage=seen.append))
    shares = [usage.done_share for usage in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares[0] < 0.8
    assert seen[-1].tokens_read == 4
    assert seen[-1].tokens_written == 1 + 1 + 41 + 21


def test_generator_left_midway_drops_its_requests(desk):
    model = desk.open()
    running = model.generate([ask("a"), ask("slow 1000"), ask("slow 2000")])
    next(running)
    running.close()
    assert failed(answers(model, "b")) == set()
    assert desk.noted("dropped") == ["2"]


def test_tokens_are_counted_once_for_each_text(desk):
    model = desk.open()
    assert [model.count_tokens(text) for text in ("abc", "abc", "", "lone \ud800")] == [3, 3, 0, 6]
    assert len(desk.noted("counted")) == 3


def test_tokens_can_be_counted_in_the_middle_of_a_generation(desk):
    model = desk.open()
    running = model.generate([ask("a"), ask("slow 15")])
    assert next(running).text == "<a>"
    assert model.count_tokens("abc") == 3
    assert next(running).text == "<slow 15>"


def test_use_after_close_is_an_error(desk):
    model = desk.open()
    running = model.generate([ask("a"), ask("slow 100")])
    next(running)
    model.close()
    model.close()
    for use in (lambda: next(running), lambda: model.count_tokens("a")):
        with pytest.raises(ValueError, match="closed"):
            use()


# --- crashes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "word"),
    [
        ("die SIGSEGV", "segmentation fault"),
        ("die SIGKILL", "memory"),
        ("exit 3", "last words of the child"),
        ("exit 0", "last words of the child"),
        ("raise", "something unforeseen"),
    ],
)
def test_crash_costs_nothing_but_a_retry(desk, tmp_path, caplog, end, word):
    model = desk.open()
    texts = ["a", f"once {tmp_path / 'mark'} {end}", "slow 5", "b", "c", "d"]
    with caplog.at_level(logging.WARNING, "summarizer.model"):
        assert failed(answers(model, *texts)) == set()
    (problem,) = model.problems
    assert word in problem
    assert word in caplog.text
    assert "started again" in caplog.text
    assert len(desk.pids()) == 2
    assert max(desk.tried().values()) <= 2


def test_hang_is_ended_and_costs_a_retry(desk, tmp_path):
    model = desk.open(stall_s=0.8)
    found = answers(model, "a", f"once {tmp_path / 'mark'} hang", "b")
    assert failed(found) == set()
    assert "no answer within 0.8 s" in model.problems[0]


def test_child_that_is_busy_for_long_is_not_taken_to_hang(desk):
    model = desk.open(stall_s=1.0)
    assert failed(answers(model, "slow 240")) == set()
    assert model.problems == ()


def test_caller_that_thinks_for_long_does_not_make_the_child_hang(desk):
    model = desk.open(stall_s=0.6)
    running = model.generate([ask("a"), ask("slow 5")])
    next(running)
    time.sleep(0.8)
    assert next(running).text == "<slow 5>"
    assert failed(answers(model, "b")) == set()
    assert model.problems == ()


@pytest.mark.parametrize("name", ["x", "late"])
def test_poisonous_text_fails_and_takes_nobody_down_with_it(desk, name):
    """Whether the engine says beforehand what it starts, or only with what came of it."""
    model = desk.open(name=name)
    texts = ["a", "b", "die SIGSEGV", "c", *(f"slow {n}" for n in range(8))]
    found = answers(model, *texts)
    assert failed(found) == {"die SIGSEGV"}
    assert "segmentation fault" in found["die SIGSEGV"].problem
    if name == "x":
        assert desk.tried()["die SIGSEGV"] == 2


def test_retried_go_one_at_a_time_before_the_rest(desk):
    model = desk.open(parallel=3)
    answers(model, "slow 5", "die SIGSEGV", "slow 6", "a", "b")
    assert desk.tried() == {"slow 5": 2, "die SIGSEGV": 2, "slow 6": 2, "a": 1, "b": 1}
    log = desk.log.read_text().splitlines()
    second = log[[n for n, line in enumerate(log) if "opened" in line][1] :]
    order = [line.removeprefix("started ") for line in second if line.startswith("started")]
    assert order == ["'slow 5'", "'die SIGSEGV'", "'slow 6'", "'a'", "'b'"]


def test_two_poisonous_texts_side_by_side_are_both_found(desk):
    model = desk.open(parallel=2)
    texts = ["die SIGSEGV", "die SIGABRT", *(f"slow {n}" for n in range(6))]
    assert failed(answers(model, *texts)) == {"die SIGSEGV", "die SIGABRT"}


def test_model_that_only_crashes_is_given_up(desk, caplog):
    model = desk.open(parallel=2)
    texts = ["die SIGSEGV", "die SIGABRT", "die SIGILL", "exit 4", "exit 5", "exit 6"]
    found = answers(model, *texts)
    assert failed(found) == set(texts)
    assert len(desk.pids()) == 3
    assert "given up" in caplog.text
    # It stays so, and says so.
    again = answers(model, "a")
    assert "3 times in a row" in again["a"].problem
    with pytest.raises(GenerationError, match="given up"):
        list(model.judge([question("a")]))
    assert model.count_tokens("ten letters") >= 6
    assert len(desk.pids()) == 3


def test_child_that_cannot_be_started_again_is_given_up(desk, monkeypatch):
    monkeypatch.setattr("summarizer.model.process._PAUSE", lambda _attempt: 0.0)
    model = desk.open("once.gguf", parallel=1)
    assert failed(answers(model, "a", "die SIGSEGV", "slow 50")) == {"die SIGSEGV", "slow 50"}
    assert len(desk.pids()) == 3


def test_child_that_dies_idle_is_replaced_and_nobody_blamed(desk):
    model = desk.open()
    answers(model, "a")
    os.kill(desk.pids()[0], signal.SIGKILL)
    assert wait_for(lambda: model._child is not None and not model._child.alive, within_s=2)
    assert failed(answers(model, "a", "b")) == set()
    assert desk.tried() == {"a": 2, "b": 1}


def test_question_survives_a_crash_like_a_prompt(desk, tmp_path):
    model = desk.open()
    texts = ["a", f"once {tmp_path / 'mark'} die SIGSEGV", "b"]
    judged = [j.question_id for j in model.judge([question(text) for text in texts])]
    assert sorted(judged) == sorted(texts)


def test_poisonous_question_is_an_error_and_the_prompts_live(desk):
    model = desk.open()
    running = model.generate([ask("a"), ask("slow 20"), ask("slow 30")])
    next(running)
    with pytest.raises(GenerationError, match="segmentation fault"):
        list(model.judge([question("die SIGSEGV")]))
    assert [a.text for a in running] == ["<slow 20>", "<slow 30>"]


def test_text_that_cannot_be_counted_is_estimated(desk):
    model = desk.open()
    assert model.count_tokens("die") >= 1
    assert len(desk.pids()) == 2
    assert failed(answers(model, "a")) == set()


def test_problems_count_what_happened_again(desk):
    model = desk.open()
    answers(model, "die SIGSEGV", "a", "b")
    (problem,) = model.problems
    assert problem.endswith("(2 times)")


# --- opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "kind", "word", "hint"),
    [
        ("damaged.gguf", ModelFileError, "is no model", "Fetch it again."),
        ("no-library.gguf", ConfigError, "llama_cpp", "make setup"),
        ("too-large.gguf", ModelUnavailable, "memory ran out", "smaller model"),
        ("strange.gguf", ModelUnavailable, "KeyError", "--model none"),
        ("endless.gguf", ModelUnavailable, "no answer within", "smaller model"),
    ],
)
def test_error_at_opening_is_raised_here(desk, file, kind, word, hint):
    with pytest.raises(kind, match=word) as caught:
        desk.open(file, load_s=0.7 if file == "endless.gguf" else 30.0)
    assert type(caught.value) is kind
    assert hint in caught.value.hint


def test_program_that_does_not_exist_is_an_error():
    options = EngineOptions(path=Path("x"), name="x")
    with pytest.raises(ModelUnavailable, match="cannot be started"):
        ProcessModel(options, command=["/nowhere/python"])


def test_child_that_says_something_else_is_an_error():
    options = EngineOptions(path=Path("x"), name="x")
    with pytest.raises(ModelUnavailable, match="cannot be understood"):
        ProcessModel(options, command=[sys.executable, "-c", "print('hello')"])


# --- ends ---------------------------------------------------------------------------------------


def test_forgotten_model_leaves_no_process(desk):
    desk.open()
    desk.models.clear()
    gc.collect()
    assert gone(desk.pids())


def signal_after(seconds: float, pid: int, number: signal.Signals) -> None:
    """Send a signal in a while; it may come too late."""

    def send() -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    threading.Timer(seconds, send).start()


def test_ctrl_c_while_loading_leaves_no_process(desk):
    signal_after(0.6, os.getpid(), signal.SIGINT)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        desk.open("endless.gguf")
    assert time.monotonic() - begun < 2.6
    assert gone(desk.pids(), within_s=0.5)


@pytest.mark.parametrize("text", ["hang", "slow 1000"])
def test_ctrl_c_while_answering_leaves_no_process(desk, text):
    model = desk.open()
    signal_after(0.3, os.getpid(), signal.SIGINT)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        answers(model, text, "b", "c", "d", "e")
    assert time.monotonic() - begun < 2.3
    assert gone(desk.pids(), within_s=0.5)
    assert failed(answers(model, "works again")) == set()


SCRIPT = """
    import os, sys, time
    from pathlib import Path
    from summarizer.model.interface import Prompt, Segment
    from summarizer.model.process import ProcessModel
    from summarizer.model.protocol import EngineOptions
    from tests.scripted_child import command

    command = command(Path(sys.argv[1]), *sys.argv[3:])
    model = ProcessModel(EngineOptions(path=Path("x"), name="x"), command=command)
    prompt = lambda text: Prompt(id=text, segments=(Segment(text=text),), max_tokens=9)
    running = model.generate([prompt("a"), prompt(sys.argv[2])])
    next(running)
    print("running", flush=True)
"""


def run_program(
    desk: Desk, text: str, then: str, cwd: Path, *options: str
) -> subprocess.Popen[str]:
    """Start a program of a user's, without a guard against being imported again."""
    code = textwrap.dedent(SCRIPT) + textwrap.dedent(then)
    (cwd / "users_program.py").write_text(code)
    started = subprocess.Popen(
        [sys.executable, str(cwd / "users_program.py"), str(desk.log), text, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT)},
    )
    desk.programs.append(started)
    assert started.stdout is not None
    assert started.stdout.readline() == "running\n", started.communicate()
    return started


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("slow 100000", ()),
        ("hang later", ()),
        pytest.param(
            "freeze later",
            ("lasting",),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux's kernel can"),
        ),
    ],
)
def test_child_dies_with_a_parent_that_is_killed(desk, tmp_path, text, options):
    program = run_program(desk, text, "next(running)", tmp_path, *options)
    (child,) = desk.pids()
    time.sleep(0.2)  # until it hangs
    assert psutil.pid_exists(child)
    program.kill()
    program.communicate()
    assert gone([child])


def test_child_dies_with_its_parent_though_a_fork_holds_its_pipe(desk, tmp_path):
    """Without the kernel's signal, as on macOS or when a thread has started it."""
    fork = "if os.fork() == 0: time.sleep(1.5)\nelse: next(running)"
    program = run_program(desk, "slow 100000", fork, tmp_path)
    (child,) = desk.pids()
    program.kill()
    assert gone([child], within_s=1.4), "it outlived its parent as long as the fork did"
    program.communicate()


def test_program_that_forgets_to_close_ends_at_once_and_cleanly(desk, tmp_path):
    program = run_program(
        desk, "slow 100000", "sys.stderr.write(str('llama_cpp' in sys.modules))", tmp_path
    )
    _, err = program.communicate(timeout=5)
    assert (program.returncode, err) == (0, "False"), "the parent must not load llama.cpp"
    assert gone(desk.pids())


def test_fork_of_the_program_does_not_end_its_child(desk, tmp_path):
    then = """
        if os.fork() == 0:
            sys.exit()
        os.wait()
        sys.stderr.write(next(running).text + str(model.problems))
    """
    _, err = run_program(desk, "slow 20", then, tmp_path).communicate(timeout=5)
    assert err == "<slow 20>()"


def test_ctrl_c_at_the_terminal_ends_program_and_child(desk, tmp_path):
    program = run_program(desk, "hang later", "next(running)", tmp_path)
    time.sleep(0.1)
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=3)
    assert err.strip().endswith("KeyboardInterrupt")
    assert gone(desk.pids(), within_s=0.5)


def test_child_ignores_ctrl_c(desk):
    model = desk.open()
    running = model.generate([ask("a"), ask("slow 20")])
    next(running)
    os.kill(desk.pids()[0], signal.SIGINT)
    assert next(running).text == "<slow 20>"
    assert model.problems == ()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_kernel_takes_the_child_first_when_memory_runs_out(desk):
    model = desk.open()
    answers(model, "a")
    score = Path(f"/proc/{desk.pids()[0]}/oom_score_adj").read_text()
    assert int(score) == 500


# --- killed at random ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_nothing_is_lost_and_nothing_comes_twice(desk, seed):
    chance = random.Random(seed)
    model = desk.open(parallel=3)
    texts = [f"slow {chance.randrange(9)} {n}" for n in range(24)]
    kills = 0
    found: list[Answer] = []
    for answer in model.generate([ask(text) for text in texts]):
        found.append(answer)
        # One kill an answer, so three children in a row cannot die without one.
        if kills < 4 and chance.random() < 0.4 and answer.finish is not FinishReason.FAILED:
            kills += 1
            delay_s = chance.random() * 0.05
            signal_after(delay_s, desk.pids()[-1], signal.SIGKILL)
            time.sleep(delay_s * chance.random() * 2)
    assert kills == 4
    assert Counter(a.prompt_id for a in found) == Counter(texts)
    tried = desk.tried()
    lost = failed({a.prompt_id: a for a in found})
    assert all(tried[text] == 2 for text in lost)
    assert len(lost) < kills
