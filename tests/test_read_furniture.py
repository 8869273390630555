import pytest

from summarizer.read.furniture import Line, is_furniture, line_kinds, reads_as_heading

FURNITURE = (
    "Share This Article",
    "Share on Facebook",
    "Leave a comment",
    "Leave a Reply",
    "12 comments",
    "See Also: A Rival Switches On A Huge Cluster",
    "Read more: How the bridge fell",
    "Related: A merger would be the largest in history",
    "© 2024 The Quill Daily. All rights reserved.",
    "Copyright 2017 by the Quill Daily",
    "Image created by AI",
    "Photo: Jane Harrow/Getty Images",
    "(Reporting by Jo Harrow; Editing by Al Quill)",
    "Sign up for our newsletter",
    "We use cookies to improve your experience.",
    "By continuing to use this site you agree to our terms.",
    "Advertisement",
    "Published: 19 January 2024",
    "By Jane Harrow and Al Quill",
    "5 min read",
    "Skip to main content",
    "Follow us on Instagram",
    "Privacy Policy | Terms of Use",
)
# Each begins as furniture does; all are sentences of articles.
PROSE = (
    "Share prices fell by 3% on Monday, the exchange said.",
    "Terms of the deal were not disclosed.",
    "By Monday the storm had passed and the port was open again.",
    "Published in 2019, the book sold a million copies.",
    "Video from the scene showed smoke over the harbour.",
    "Related companies were searched as well, the police said.",
    "Copyright law is to change next year, the minister said.",
    "Like other banks, it raised its rates on Friday.",
    "Subscribe rates rose by a fifth, the company reported.",
    "Reading the report took the committee two days.",
    "Comments by the minister angered the unions on Tuesday.",
    "Privacy policy has become a subject of the campaign.",
    "Sponsored by three senators, the bill passed on Thursday.",
    "Save for two ministers, everybody voted for the plan.",
    "Cookies and other trackers are to be banned by law.",
)


@pytest.mark.parametrize("line", FURNITURE)
def test_is_furniture_knows_lines_that_belong_to_the_page(line):
    assert is_furniture(line)


@pytest.mark.parametrize("line", PROSE)
def test_sentences_that_begin_like_furniture_are_prose(line):
    assert line_kinds([line]) == [Line.PROSE]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("The March Towards the Sea", True),
        ("Busy Preparing for Data Center and Semiconductor Acquisition", True),
        ("What happens next?", True),
        (
            "Prices Jump Two Hundred Million in One Month as Buyers Return to the Market in Droves",
            True,
        ),
        ("The council met on Monday.", False),
        ("“It is time,” she said.", False),
        (
            "Is it possible that the council, which met on Monday, will decide against the bridge?",
            False,
        ),
        (
            "the council said that it had no money left for the bridge and would not repair it",
            False,
        ),
        ("- the council pays for the bridge", False),
    ],
)
def test_reads_as_heading_goes_by_length_capitals_and_final_stop(line, heading):
    assert reads_as_heading(line) is heading


PARAGRAPH = "The council of Wexcombe decided on Monday that the bridge will be repaired in spring."


@pytest.mark.parametrize(
    "heading",
    ["Hot Picks Today", "Most Read", "You may also like", "Read Also:", "Related stories"],
)
def test_teasers_under_their_heading_are_furniture_until_prose_resumes(heading):
    lines = [
        PARAGRAPH,
        heading,
        '"Taxes Are to Rise Again"... Investors Push Back',
        "",
        "- Signed without viewing for 1.6 billion... Prices jump [Homes]",
        "• Why is everybody running?",
        "- They ran all night. [Sport]",
        PARAGRAPH,
        PARAGRAPH,
    ]
    kinds = line_kinds(lines)
    assert [n for n, kind in enumerate(kinds) if kind is Line.PROSE] == [0, 7, 8]
    assert set(kinds[1:3] + kinds[4:7]) == {Line.FURNITURE}


def test_everything_after_the_comment_form_is_furniture():
    lines = [PARAGRAPH, PARAGRAPH, PARAGRAPH, "Leave a Reply", PARAGRAPH]
    assert line_kinds(lines)[3:] == [Line.FURNITURE, Line.FURNITURE]


def test_a_comment_link_at_the_top_does_not_end_the_article():
    kinds = line_kinds(["Leave a comment", PARAGRAPH, PARAGRAPH])
    assert kinds == [Line.FURNITURE, Line.PROSE, Line.PROSE]


def test_a_counter_of_comments_under_every_teaser_does_not_end_the_article():
    kinds = line_kinds([PARAGRAPH, PARAGRAPH, "28 comments", PARAGRAPH, "10 comments", PARAGRAPH])
    assert kinds.count(Line.PROSE) == 4


def test_headings_and_captions_known_from_markup_are_believed():
    kinds = line_kinds(
        ["It is over.", "The bridge on Monday, with two people.", PARAGRAPH],
        headings=["It is over"],
        asides=["The bridge on Monday, with two people."],
    )
    assert kinds == [Line.HEADING, Line.FURNITURE, Line.PROSE]
