"""What has to be taken back of an answer that is still being written."""

from __future__ import annotations

import pytest

from summarizer.model.interface import ListRules
from summarizer.model.watch import ListWatch, Opening, Repeat

START = '{"headline":"Pier","claims":['
ONE = '{"evidence":[1],"claim":"The pier opened."}'
TWO = '{"evidence":[2],"claim":"The pier cost 4 crowns."}'


def watch():
    return ListWatch(
        ListRules(
            array="claims",
            distinct=("evidence", "claim"),
            text="claim",
            openings=("It", "The company"),
        )
    )


def type_out(watched, text: str, before: str = ""):
    """Show `text` character by character, as a model writes it; return the first repeat."""
    for end in range(1, len(text) + 1):
        repeat = watched.look(before + text[:end])
        if repeat:
            return repeat, before + text[:end]
    return None, before + text


@pytest.mark.parametrize(
    "text",
    [
        START + ONE + "]}",
        START + ONE + "," + TWO + "]}",
        START + ONE + ',{"evidence":[1,2],"claim":"Both are true of the pier."}]}',
        '{"headline":"claims: [1], claims","claims":[' + ONE + "]}",
    ],
)
def test_distinct_elements_are_let_through(text):
    repeat, _ = type_out(watch(), text)
    assert repeat is None


def test_evidence_that_repeats_is_seen_before_its_claim_is_written():
    watched = watch()
    repeat, shown = type_out(watched, START + ONE + ',{"evidence":[1],"claim":"Other."}')
    assert repeat is not None
    assert shown.endswith('{"evidence":[1]')
    assert shown[: repeat.keep_chars] == START + ONE
    assert (repeat.written, watched.dropped, watched.forbidden) == (1, 1, {1})


def test_claim_that_repeats_but_for_case_and_stops_is_dropped():
    repeat, shown = type_out(watch(), START + ONE + ',{"evidence":[3],"claim":"the pier opened"}')
    assert repeat is not None
    assert shown[: repeat.keep_chars] == START + ONE


def test_writing_goes_on_after_a_repeat():
    watched = watch()
    repeat, shown = type_out(watched, START + ONE + ',{"evidence":[1]')
    assert repeat is not None
    kept = shown[: repeat.keep_chars]
    again, _ = type_out(watched, "," + TWO + "]}", before=kept)
    assert again is None


def show(watched, *pieces: str):
    """Show an answer piece by piece, as tokens and the layout add to it; return what is found."""
    shown = ""
    for piece in pieces:
        shown += piece
        found = watched.look(shown)
        if found:
            return found, shown
    return None, shown


ONE_CLOSED = (START, ONE[:-1], "},{", '"evidence":[', "1")


@pytest.mark.parametrize("pieces", [("]", ',"claim":"'), ('],"claim":"',)])
@pytest.mark.parametrize("openings", [(), ("It",)])
def test_evidence_that_repeats_is_seen_though_the_text_is_opened_in_the_same_step(openings, pieces):
    watched = ListWatch(
        ListRules(array="claims", distinct=("evidence", "claim"), text="claim", openings=openings)
    )
    found, shown = show(watched, *ONE_CLOSED, *pieces, "Other.")
    assert isinstance(found, Repeat)
    assert shown.removesuffix(',"claim":"').endswith("[1]")
    assert shown[: found.keep_chars] == START + ONE


def test_element_that_ends_in_the_step_that_begins_the_next_is_kept():
    watched = watch()
    found, shown = show(watched, START, ONE[:-2], '"},{"evidence":[', "2", '],"claim":"', "A")
    assert found is None
    found, _ = show(watched, shown, 'nd so on."},{', '"evidence":[', "2]")
    assert isinstance(found, Repeat)
    assert found.written == 2


def test_nothing_is_found_before_the_array():
    watched = watch()
    found, _ = show(watched, '{"headline":"It ', 'opened"', ',"claims":[')
    assert found is None


def test_forbidden_integers_add_up():
    watched = watch()
    show(watched, START, ONE, ",", TWO)
    for first in (1, 2):
        found, _ = show(watched, START + ONE + "," + TWO + f',{{"evidence":[{first}]')
        assert isinstance(found, Repeat)
    assert (watched.forbidden, watched.dropped) == ({1, 2}, 2)


def test_order_of_evidence_does_not_hide_a_repeat():
    first = '{"evidence":[2,1],"claim":"The pier opened."}'
    repeat, _ = type_out(watch(), START + first + ',{"evidence":[1,2],"claim":"Other."}')
    assert repeat is not None


@pytest.mark.parametrize("opening", ["It", "it", "The company"])
def test_claim_that_leans_on_the_article_is_begun_again(opening):
    begun = START + '{"evidence":[1],"claim":"'
    found, shown = type_out(watch(), begun + opening + " opened a pier.")
    assert isinstance(found, Opening)
    assert shown == begun + opening + " "
    assert shown[: found.keep_chars] == begun


@pytest.mark.parametrize("opening", ["Italy", "Its", "The companies", "Meta, It"])
def test_other_words_that_begin_alike_are_let_through(opening):
    found, _ = type_out(watch(), START + '{"evidence":[1],"claim":"' + opening + ' opened."}]}')
    assert found is None


def test_text_begins_right_after_its_quote():
    watched = watch()
    begun = START + '{"evidence":[1],"claim":"'
    type_out(watched, begun)
    assert watched.text_begins(begun)
    assert not watched.text_begins(begun + "I")
