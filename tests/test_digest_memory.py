"""summarizer.digest.memory: stories and facts over the nights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from summarizer.data import ChangeKind, StoryStatus
from summarizer.digest.state import State
from tests.nights import Digest, facts_of, story_of, texts
from tests.test_pipeline import PIER

PLAN = """Orvaline plans a ferry between Brackwater and Dunmorrow

Published: 2031-05-05

Orvaline wants to open a ferry line between Brackwater and Dunmorrow, its director Bo Lund said.
Mayor Ilse Tarn promised the company a berth at the old pier.
The ferry line would carry 400 passengers a day and cost 9 million crowns.
The harbour office has to allow the ferry line before the autumn.
"""
PERMIT = """Harbour office allows Orvaline's ferry between Brackwater and Dunmorrow

Published: 2031-07-20

The harbour office allowed the ferry line of Orvaline between Brackwater and Dunmorrow on Friday.
Director Bo Lund ordered two ships from a yard in Marlow.
Mayor Ilse Tarn said the berth would be ready in March.
Fishermen had objected to the ferry line because of their nets.
"""
AGROUND = """First Orvaline ferry between Brackwater and Dunmorrow runs aground

Published: 2031-10-28

The first ferry of Orvaline between Brackwater and Dunmorrow ran aground on a sandbank on Monday.
Director Bo Lund blamed a faulty chart for the accident of the ferry.
Mayor Ilse Tarn watched the rescue of 210 guests from the pier.
A tug pulled the ship free in the evening tide.
"""
STRUCK = """Orvaline ferry strikes the Brackwater bridge

Published: 2031-05-05

An Orvaline ferry struck the old bridge of Brackwater on Monday morning, the harbour office said.
The ferry lost its mast and 14 passengers were hurt.
Captain Bo Lund was questioned by the harbour police for three hours.
Divers looked at the pillars of the bridge in the afternoon, and found cracks in two of them.
"""
HOTELS = """Council of Dunmorrow raises the tax on hotels

Published: 2031-05-05

The council of Dunmorrow raised the tax on hotel rooms to 6 crowns a night on Monday.
Mayor Ilse Tarn said the money would pay for a new library.
Eleven councillors voted for the tax and nine against it.
Hotel owners in Dunmorrow announced a protest in front of the town hall on Saturday.
"""
BOTH = """Hotel tax of Dunmorrow pays for the Brackwater bridge that a ferry struck

Published: 2031-05-06

The council of Dunmorrow raised the tax on hotel rooms to 6 crowns a night, and the money goes to the old bridge of Brackwater.
An Orvaline ferry struck the old bridge of Brackwater on Monday morning, the harbour office said.
The ferry lost its mast and 14 passengers were hurt.
Mayor Ilse Tarn said the money would pay for a new library.
Eleven councillors voted for the tax and nine against it.
The bridge will be closed until the autumn, Captain Bo Lund and Mayor Ilse Tarn said together.
Divers looked at the pillars of the bridge in the afternoon, and found cracks in two of them.
"""  # noqa: E501 - a sentence of an article is a line
CRANE = (
    "The harbour crane fell on the pier at noon and blocked the gate",
    "Eleven workers were pulled from the water by two fishing boats",
    "The crane was built in 1974 by a yard in Marlow",
    "Its last test was in March and found no fault",
    "Mayor Ilse Tarn closed the harbour for four days",
)


def fire(dead: int, day: int, more: str) -> str:
    return f"""Fire at the Brackwater harbour

Published: 2031-05-{day:02}

A fire at the Brackwater harbour killed {dead} people, the harbour office said.
The fire broke out in a warehouse of Orvaline on Monday night.
{more}
Mayor Ilse Tarn asked the ministry to look into the cause of the fire.
"""


@pytest.fixture
def digest(tmp_path: Path) -> Digest:
    return Digest(tmp_path)


def test_value_that_was_replaced_does_not_come_back_as_new(digest):
    digest.night(a=fire(12, 5, "Firemen searched the ruins of the warehouse all night."))
    digest.night(b=fire(15, 6, "Neighbours brought blankets and tea for the survivors."))
    third = digest.night(c=fire(20, 7, "Two firemen were treated for burns in Dunmorrow."))
    new = [f.text for f in facts_of(third) if f.change and f.change.kind is ChangeKind.NEW]
    assert not [text for text in new if "12 people" in text or "15 people" in text]
    assert [text for text in texts(third) if "20 people" in text]


def test_each_story_of_an_edition_has_a_memory_of_its_own(digest):
    digest.night(x=PLAN)
    second = digest.night(y=PERMIT, z=AGROUND)
    memories = [story.memory for story in second.stories]
    assert len({memory.id for memory in memories if memory}) == len(second.stories)


def test_story_that_holds_the_article_goes_on_rather_than_one_that_follows_it(digest):
    first = digest.night(x=PLAN)
    again = PLAN.replace("2031-05-05", "2031-05-06").replace("400 passengers", "450 passengers")
    second = digest.night(y=PERMIT, x2=again)
    (before,) = first.stories
    now = story_of(second, "x2.txt")
    assert before.memory and now.memory
    assert (now.memory.id, now.memory.status) == (before.memory.id, StoryStatus.DEVELOPING)


def test_facts_of_two_stories_that_become_one_are_not_told_again(digest):
    first = digest.night(a=STRUCK, b=HOTELS)
    digest.night(ab=BOTH)
    third = digest.night(a2=STRUCK.replace("2031-05-05", "2031-05-07"))
    assert set(texts(third)).isdisjoint(texts(first))


def test_fact_left_out_for_want_of_room_is_new_when_it_is_said_again(tmp_path):
    digest = Digest(tmp_path, max_facts=3)
    head = "Harbour crane falls on the pier of Brackwater\n\nPublished: 2031-05-05\n\n"
    first = digest.night(a=head + ".\n".join(CRANE) + ".\n")
    (story,) = first.stories
    lost = [fact.text for fact in story.left_out]
    assert lost
    again = head.replace("05-05", "05-06") + "\n".join([f"{CRANE[0]}.", *lost])
    second = digest.night(b=again + "\nThe harbour opens again on Thursday, the office said.\n")
    assert set(lost) <= set(texts(second))


def test_what_a_new_version_of_an_article_says_no_more_is_gone(digest):
    walked = "About 900 people walked to the end of the pier on the first morning."
    digest.night(pier=PIER)
    thanks = "The harbour office thanked the builders and the town for their patience."
    second = digest.night(pier=PIER.replace(walked, thanks))
    assert second.since is not None
    assert [gone.text for gone in second.since.gone] == [walked]
    (story,) = second.stories
    assert story.memory and story.memory.status is StoryStatus.DEVELOPING


def test_correction_of_an_article_is_no_conflict_with_itself(digest):
    digest.night(pier=PIER)
    second = digest.night(pier=PIER.replace("3 million", "4 million"))
    (story,) = second.stories
    assert [f.change.kind for f in story.facts if f.change] == [ChangeKind.CHANGED]
    assert story.conflicts == ()


def test_what_is_repeated_every_night_is_never_told_as_new(digest):
    digest.night(n0=PIER)
    nights = digest.config.memory_nights + 2
    said = [
        digest.night(**{f"m{n}": f"{PIER}\nNote {chr(97 + n)} of it.\n"}) for n in range(nights)
    ]
    assert [brief.stories for brief in said if brief.stories] == []


def test_story_that_is_only_repeated_goes_quiet(digest):
    digest.night(a=PIER)
    digest.night(b=PIER.replace("2031-05-06", "2031-05-07") + "\nA kiosk on the pier was opened.\n")
    quiet = [
        digest.night(**{f"m{n}": f"{PIER}\nNote {chr(97 + n)} of it.\n"}).quiet for n in range(6)
    ]
    assert [len(one) for one in quiet] == [0, 0, 0, 1, 0, 0]


def test_clock_that_is_wrong_for_two_runs_throws_nothing_away(digest):
    digest.night(a=PIER)
    digest.clock.pass_by(days=4000)
    digest.night(b=HOTELS)
    digest.clock.moment += dt.timedelta(hours=1)
    digest.night(c=STRUCK)
    with State(digest.config.state, read_only=True) as state:
        assert len(state.articles.remembered(14)) == 3


def test_article_is_kept_as_long_after_it_was_told_however_late_that_was(digest):
    digest.night(a=PIER)
    with State(digest.config.state) as state:
        told = digest.clock.utc() - dt.timedelta(hours=1)
        state.retention.purge(articles_before=told - dt.timedelta(days=2), runs_before=told)
        assert len(state.articles.remembered(14)) == 1
        state.retention.purge(articles_before=told, runs_before=told)
        assert state.articles.remembered(14) == []
