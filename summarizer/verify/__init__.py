"""Check a brief against the articles it cites, without a model."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.data import Article, Brief
from summarizer.verify.articles import quoted, quotes, rejected, sources
from summarizer.verify.earlier import changes, since
from summarizer.verify.figures import coverage, reference
from summarizer.verify.memory import edition, memories, unread
from summarizer.verify.problem import Problem
from summarizer.verify.stories import stories, storylines

__all__ = ["Problem", "quotes", "verify_brief"]


def verify_brief(brief: Brief, articles: Mapping[str, Article]) -> list[Problem]:
    """Return what does not hold in `brief`, in its order; an empty list when all holds.

    `articles` are the articles by id, read anew. Checked are: every article is there and its id
    is the SHA-256 of its text; every quote is the text between its offsets, and its sentences
    are those that it touches; every fact, shown or left out, has the wording of a claim and
    counts its origins; a headline is a title, or the first fact; the sides of conflicts and
    updates rest on cited facts, and hold and mark the values named; storylines name stories of
    the brief; marks of change have their quotes, and what is gone is gone; a digest's name is a
    date, its stories are new or developing and none of them quiet, and what the model has not
    read is marked so; numbers and figures add up.

    What no article can show is not checked: scores, the model, versions, the run, that the
    earlier brief said what is quoted from it, and what a digest remembers of the nights before.
    """
    return [
        *edition(brief),
        *sources(brief, articles),
        *quoted(brief, articles),
        *stories(brief),
        *storylines(brief),
        *memories(brief),
        *changes(brief),
        *since(brief, articles),
        *rejected(brief),
        *unread(brief),
        *coverage(brief),
        *reference(brief),
    ]
