"""(a) The plain loop: Llama.create_chat_completion once an article, as a user would write it."""

from __future__ import annotations

import time
from typing import Any

import llama_cpp
from llama_cpp.llama_grammar import LlamaGrammar

from benchmarks.engine_child import Job, Outcome, Written, peak_rss_mib, serve

CONTEXT_TOKENS = 4096


def run(job: Job) -> Outcome:
    began = time.perf_counter()
    llm = llama_cpp.Llama(
        model_path=job["model_path"],
        n_ctx=CONTEXT_TOKENS,
        n_threads=job["threads"],
        n_threads_batch=job["threads"],
        verbose=False,
    )
    llm.create_completion("Hello", max_tokens=2)  # reads the weights into memory
    llm.reset()
    llama_cpp.llama_perf_context_reset(llm.ctx)
    loaded = time.perf_counter()
    written: list[Written] = []
    for request in job["requests"]:
        answer: Any = llm.create_chat_completion(
            messages=[{"role": "user", "content": request["message"]}],
            grammar=LlamaGrammar.from_string(request["gbnf"], verbose=False),
            max_tokens=request["max_tokens"],
            temperature=0.0,
        )
        choice, usage = answer["choices"][0], answer["usage"]
        written.append(
            {
                "id": request["id"],
                "text": choice["message"]["content"] or "",
                "complete": choice["finish_reason"] == "stop",
                "tokens_read": usage["prompt_tokens"],
                "tokens_written": usage["completion_tokens"],
            }
        )
    seconds = time.perf_counter() - loaded
    # A batch of one token counts as writing, any other as reading (llama-context.cpp).
    perf = llama_cpp.llama_perf_context(llm.ctx)
    return {
        "load_seconds": loaded - began,
        "seconds": seconds,
        "peak_rss_mib": peak_rss_mib(),
        "tokens_read": sum(one["tokens_read"] for one in written),
        "tokens_decoded": perf.n_p_eval,
        "tokens_written": sum(one["tokens_written"] for one in written),
        "written": written,
        "phases": {
            "read_tokens_per_s": 1000 * perf.n_p_eval / max(perf.t_p_eval_ms, 1e-9),
            "write_tokens_per_s": 1000 * perf.n_eval / max(perf.t_eval_ms, 1e-9),
        },
        "sequences": 1,
    }


if __name__ == "__main__":
    serve(run)
