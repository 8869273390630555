"""What `summarizer digest --dry-run` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.render.phrases import counted, skip_reason

if TYPE_CHECKING:
    from summarizer.digest.plan import Plan

_MOST = 50  # articles that are named; a first night may have thousands


def lines(plan: Plan) -> Iterator[str]:
    """Yield what the run would do, a line each, indented below its heading; not yet cleaned."""
    new = counted(len(plan.new), "new article")
    known = f"{plan.known:,} known already"
    if plan.edition:
        yield f"Digest {plan.edition} would tell {new} ({known})"
    else:
        yield f"Nothing new ({known}): no digest would be made"
    if plan.untold:
        yield f"{counted(plan.untold, 'article')} of them from a run that did not end"
    for one in plan.new[:_MOST]:
        yield f"  {one.source}: {one.title}"
    if len(plan.new) > _MOST:
        yield f"  and {len(plan.new) - _MOST:,} more"
    if plan.skipped:
        yield f"Skipped: {len(plan.skipped):,}"
        for skipped in plan.skipped[:_MOST]:
            yield f"  {skipped.source}: {skip_reason(skipped)}: {skipped.detail}"
    yield f"Model: {plan.model}"
    yield f"Deadline: {plan.deadline or 'none'}"
    yield f"Deliveries: {', '.join(plan.channels) or 'none'}"
    yield "Nothing was written, asked of the model or sent."
