import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.read import split_sentences
from summarizer.read.sentences import MAX_SENTENCE_CHARS, sentence_spans

ENDS = (
    "Shares of Orrin Inc. rose 3% on Tuesday.| Analysts cheered.",
    "Orrin Platforms Inc (NASDAQ:ORRN) founder and CEO Mara Quill decided to act.| She left.",
    "It will expand its Quillon Corp. H100 roster to 350,000 units.| It paid more.",
    "It runs on Larkspur's (LS) cloud computing platform.| It grew.",
    "The book by J. K. Harrow came out on Jan. 5, 2024.| She said no more.",
    "U.S. President Jo Bidwell met Mr. Smith at 5 p.m. on Friday.| They talked.",
    "He lives in the U.S.| She lives in Canada.",
    "The F.B.I. agents left.| O.J. Harrow stayed with George H.W. Quill.",
    '"We will win," he said.| "It is time."| She nodded.',
    "“I think so.”| He paused.| “Or maybe not!” she said.",
    "He lived in a condo.| “Tonight was bad,” he said.",
    "He said: “Mr. Farrow made a promise.”| Nobody believed it.",
    "Sales came to $3.5 billion, up 2.1% from a year ago.| Costs fell.",
    "Dr. Anna Lee of St. Mary's Hospital said the rate was 4.5%.| No. 3 was absent.",
    "Sen. Ella Warden (D., Mass.) asked.| Gov. Newsam replied to Lt. Col. Vind.",
    "Police said police Lt. Mark Hagan spoke.| Then-Rep. Gabriela Gifford did not.",
    "Rep. Tom Massey (R-Ky.), who voted no, left.| Sens. Jon Cain and Al Gore stayed.",
    "It starts at 10 a.m. Monday.| It ends at 8 p.m. ET on Friday.",
    "Yahoo! Inc. said so.| Really?| Yes.",
    "It was over...| Then it began.",
    "He worked at Alphabet Inc.| He left in 2020.",
    "The firm (see p. 12) grew.| (It was small.)| The firm agreed.",
    "Llama 3.1 came on July 23.| Llama 4 is next.",
    "His deputy was Kalpana K.| Mr Modhi was in Johannesburg.",
    "There was a wall.| It was in the park.| That week it fell.| Nobody told the story.",
    "The page lost a space.|It has relics of St. John.| Amazon.Com is on Main St.| He left.",
    '"Is it safe?" asked the minister.| "Yes!" he replied.',
    "「そうだ。」|彼は言った。|終わり。",
)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize("marked", ENDS)
def test_sentence_spans_end_where_sentences_end(marked):
    assert cut(marked.replace("|", "")) == [piece.strip() for piece in marked.split("|")]


def test_sentence_spans_are_counted_in_the_whole_text():
    text = "Heading\nOne is here. Two is here."
    assert [text[a:b] for a, b in sentence_spans(text, 8, len(text))] == [
        "One is here.",
        "Two is here.",
    ]


PIECES = st.sampled_from(
    ["Mr. ", "A. ", "end. ", "“", "” ", '"', "? ", "\n", "\n\n", "- ", "... ", "no stop ", "。",
     "(", ") ", "Read More", "© 2024 X. ", "Hot Picks Today\n", "\u00a0", "\t", "é", "x" * 700,
     "1. ", "\r", "\u2028"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_split_sentences_keeps_order_bounds_and_no_white_space_around(text):
    sentences = split_sentences(text)
    last = 0
    for sentence in sentences:
        piece = text[sentence.start : sentence.end]
        assert last <= sentence.start < sentence.end <= len(text)
        assert piece == piece.strip() != ""
        assert len(piece) <= MAX_SENTENCE_CHARS
        assert "\n" not in piece
        last = sentence.end
    assert sentences == split_sentences(text)


@pytest.mark.parametrize(
    "piece", ["word ", "a", ".", ". ", "A. ", "Mr. ", '." ', "1. ", "(", "[", "© ", "!? "]
)
def test_split_sentences_stays_quick_on_a_line_of_300_000_characters(piece):
    text = piece * (300_000 // len(piece))
    start = time.monotonic()
    sentences = split_sentences(text)
    assert time.monotonic() - start < 20  # takes about 1 s; quadratic work takes minutes
    assert all(one.end - one.start <= MAX_SENTENCE_CHARS for one in sentences)


@pytest.mark.shared
def test_split_sentences_of_real_news_rarely_end_in_a_title():
    path = Path(__file__).parents[2] / "shared" / "bench" / "merge" / "basil_triplets.jsonl"
    if not path.exists():
        pytest.skip("../shared/bench is not beside the checkout")
    articles = [
        one for line in path.read_text().splitlines() for one in json.loads(line)["articles"]
    ]
    count = wrong = 0
    for article in articles:
        for sentence in split_sentences(article["text"]):
            count += 1
            piece = article["text"][sentence.start : sentence.end]
            wrong += piece.endswith((" Mr.", " Mrs.", " Ms.", " Sen.", " Rep.", " Gov.", " Lt."))
    assert count > 3000
    assert wrong == 0
