"""summarizer.merge.facts.joining: which claims say the same."""

from __future__ import annotations

from itertools import permutations

import pytest

from summarizer.data import SupportedClaim, Writer
from summarizer.merge.facts.claims import tellings
from summarizer.merge.facts.joining import SURELY, Comparer, Group, group_claims, make_fact
from summarizer.merge.facts.same_fact import SameFactLayer
from tests.conftest import make_article, make_supported

NOISE = (
    "Ferry traffic to Halsa resumed after the storm.",
    "The museum in Grenvik shows paintings by Sofie Aro.",
    "A bakery in Tolm sells bread made of acorns.",
    "The pilots of Nordluft voted for a strike.",
)


def grouped(*texts: str, retold: bool = False) -> list[Group]:
    """Group claims, each of an article of its own, among claims about other things."""
    articles = [make_article(text, source=f"{n}.txt") for n, text in enumerate([*texts, *NOISE])]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    pairs = {(i, j) for j in range(len(texts)) for i in range(j)} if retold else set()
    groups = group_claims(Comparer(tellings(articles, claims), retold=pairs))
    return [g for g in groups if g.members[0] < len(texts)]


def members(*texts: str, retold: bool = False) -> list[list[int]]:
    return [list(group.members) for group in grouped(*texts, retold=retold)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Floods destroyed 120 houses in Orvin.", "In Orvin, 120 homes were destroyed by floods."),
        (
            "Brelo plans to buy 350,000 Zeta chips from Kvant by the end of the year.",
            "The firm Brelo wants its stock of Kvant Zeta chips to reach 350,000 by year's end.",
        ),
        ("Lena Brask resigned on 3 May 2031.", "Lena Brask quit on May 3."),
        ("The court fined Brelo $2 million.", "The court fined Brelo $2m."),
    ],
)
def test_the_same_in_other_words_is_one_fact(first: str, second: str) -> None:
    assert members(first, second) == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Floods destroyed 120 houses in Orvin.", "Floods destroyed 210 houses in Orvin."),
        ("Brelo opened a shop in Norby.", "Brelo did not open a shop in Norby."),
        ("Lena Brask resigned on 3 May 2031.", "Lena Brask resigned on 5 June 2031."),
        ("Brelo released Zeta 2 in Norby on Monday.", "Brelo released Zeta 3 in Norby on Monday."),
        ("Brelo's profit rose in the last quarter.", "Brelo's profit fell in the last quarter."),
        ("Floods destroyed houses in Orvin.", "The army sent soldiers to Orvin to build dams."),
        (
            "Brelo began to train a new model on the cloud platform of Kvant.",
            "Kvant, a backer of Umbra, helped Brelo to offer Zeta 2 on its cloud platform.",
        ),
    ],
)
@pytest.mark.parametrize("retold", [False, True])
def test_what_differs_in_what_it_says_is_two_facts(first: str, second: str, retold: bool) -> None:
    assert members(first, second, retold=retold) == [[0], [1]]


def test_next_year_may_be_the_year_that_another_names() -> None:
    first = "Brelo is reportedly planning to start training the new model early next year."
    second = (
        "According to sources, Brelo expects to begin training the model in early 2032, "
        "with plans for a release some time later."
    )
    assert members(first, second, retold=True) == [[0, 1]]


def test_retellings_of_one_report_need_less_likeness() -> None:
    first = "It is also expanding mills necessary for Zeta flour and securing Kvant's grinder H7."
    second = (
        "To support this high-quality flour, Brelo is constructing the necessary mills while "
        "increasing its holdings of Kvant's sought-after H7 grinder."
    )
    assert members(first, second) == [[0], [1]]
    assert members(first, second, retold=True) == [[0, 1]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("India is on the Moon.", "India took a walk on the Moon."),
        ("Are the Orvin letters real or fake?", "The Orvin letters are real, not fake."),
        ("Brelo will pay if the Norby mill closes.", "Brelo will pay, and the Norby mill closes."),
        ("Brelo Mills sued Kvant Foods on Monday.", "Kvant Foods sued Brelo Mills on Monday."),
    ],
)
def test_like_words_that_say_another_thing_are_two_facts(first: str, second: str) -> None:
    assert members(first, second) == [[0], [1]]


def test_a_claim_that_lacks_a_number_of_the_wording_says_less() -> None:
    first = "The ferry Dala is 300 metres long and was carrying about 4,700 boxes to Orvin."
    second = "The ferry Dala was carrying about 4,700 boxes to Orvin when it hit the pier."
    (group,) = grouped(first, second)
    assert (group.claims, group.refines) == ((0,), (1,))


def test_a_chain_of_likenesses_joins_nothing() -> None:
    chain = (
        "Governor Lena Brask opened the Orvin bridge and praised the harbour workers.",
        "Governor Lena Brask opened the Orvin bridge, then met farmers from Tolm valley.",
        "Lena Brask met farmers from Tolm valley about milk prices and new barns.",
    )
    for group in members(*chain):
        assert not {0, 2} <= set(group)


def claim(text: str, *, score: float = 0.9, writer: Writer = Writer.MODEL) -> SupportedClaim:
    return make_supported(text, make_article(text), score=score, writer=writer)


def wording(*claims: SupportedClaim) -> str:
    origins = {c.claim.article_id: n for n, c in enumerate(claims)}
    return make_fact(claims, origins).text


def test_the_wording_is_the_specific_one() -> None:
    vague = claim("The floods destroyed houses.")
    exact = claim("The floods in the Orvin valley destroyed 120 houses.")
    assert wording(vague, exact) == exact.claim.text


@pytest.mark.parametrize(
    ("general", "specific"),
    [
        ("Floods destroyed houses in Orvin.", "Floods destroyed 120 houses in Orvin."),
        (
            "The mayor opened the new bridge over the Tolm.",
            "The mayor, Lena Brask, opened the new bridge over the Tolm on 3 May 2031.",
        ),
        (
            "Brelo bought the bakery chain Kvant.",
            "The retailer Brelo bought the bakery chain Kvant after months of secret talks.",
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_claim_that_says_less_is_cited_by_the_fact_of_the_one_that_says_more(
    general: str, specific: str, turned: bool
) -> None:
    texts = (specific, general) if turned else (general, specific)
    (group,) = grouped(*texts)
    assert [texts[i] for i in group.claims] == [specific]
    assert [texts[i] for i in group.refines] == [general]


@pytest.mark.parametrize(
    ("general", "other"),
    [
        ("All schools in the Tolm valley closed.", "Some schools in the Tolm valley closed early."),
        ("Brelo took over the mill in Norby.", "Brelo may take over the mill in Norby by May."),
        ("Lena Brask stole the harbour money.", "Lena Brask allegedly stole 2m of harbour money."),
        ("Brelo sued Kvant over the Norby mill.", "Kvant sued Brelo over the Norby mill in May."),
        ("Brelo sells the Norby mill.", "Brelo sells the Norby mill only if Kvant pays 3 million."),
        ("Did Brelo close the Norby mill?", "Brelo did close the Norby mill on 3 May 2031."),
        ("Floods hit Orvin in May 2031.", "Floods hit 12 houses in Orvin in June 2032."),
    ],
)
def test_a_claim_that_says_another_thing_in_the_same_words_stays_apart(
    general: str, other: str
) -> None:
    assert members(general, other) == [[0], [1]]


@pytest.mark.parametrize(
    ("fragment", "says_less"),
    [("Lena Brask of Kvant Foods.", False), ("Lena Brask of Kvant Foods rebuilt mills.", True)],
)
def test_names_alone_are_refined_by_nothing(fragment: str, says_less: bool) -> None:
    texts = (fragment, "Lena Brask of Kvant Foods rebuilt mills in 7 towns.", *NOISE)
    articles = [make_article(text, source=f"{n}.txt") for n, text in enumerate(texts)]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    assert Comparer(tellings(articles, claims)).says_less(0, 1) is says_less


def test_a_general_claim_refined_by_two_that_differ_joins_one_and_leaves_them_two() -> None:
    texts = (
        "Floods in the Orvin valley destroyed houses and a school.",
        "Floods in the Orvin valley destroyed 120 houses and a school.",
        "Floods in the Orvin valley destroyed 310 houses and a school, says Lena Brask of Norby.",
    )
    for order in permutations(range(3)):
        groups = grouped(*(texts[i] for i in order))
        found = {frozenset(texts[order[i]] for i in group.members) for group in groups}
        assert found == {frozenset(texts[:2]), frozenset(texts[2:])}


def test_paraphrases_that_share_too_few_words_for_the_overlap_are_found_by_the_layer() -> None:
    first = (
        "The harbour council of Orvin voted on Tuesday to close the old ferry terminal because "
        "repairs had become too expensive."
    )
    second = (
        "Councillors in Orvin decided this week to shut the ageing ferry terminal, since repairing "
        "it had become too costly."
    )
    articles = [make_article(text, source=f"{n}.txt") for n, text in enumerate([first, second])]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    # Hand-made: it has nothing to tell but how many terms both share.
    layer = SameFactLayer(card={}, intercept=-2.0, weights={"terms": 8.0})
    asked = Comparer(tellings(articles, claims), layer=layer)
    assert asked.chance(0, 1) == asked.chance(1, 0) >= SURELY
    assert [group.members for group in group_claims(asked)] == [(0, 1)]
    unasked = Comparer(tellings(articles, claims))
    assert [group.members for group in group_claims(unasked)] == [(0,), (1,)]


def test_the_wording_is_the_models_before_a_whole_sentence() -> None:
    copied = claim("The floods in Orvin destroyed 120 houses.", writer=Writer.EXTRACTIVE)
    written = claim("Floods destroyed houses.")
    assert wording(copied, written) == written.claim.text


def test_the_wording_is_the_better_supported_one() -> None:
    weak, strong = claim("Floods hit Orvin.", score=0.5), claim("Orvin was hit.", score=0.95)
    assert wording(weak, strong) == strong.claim.text


def test_a_fact_is_the_same_whatever_the_order_of_its_claims() -> None:
    claims = [claim("Floods hit Orvin."), claim("Orvin was hit by floods.")]
    origins = {c.claim.article_id: n for n, c in enumerate(claims)}
    assert make_fact(claims, origins) == make_fact(claims[::-1], origins)


@pytest.mark.parametrize(
    "worse",
    [
        "It destroyed 120 houses in the Orvin valley.",
        "Floods came to Orvin. The water destroyed 120 houses.",
    ],
)
def test_the_wording_can_be_read_by_itself(worse: str) -> None:
    plain = claim("Floods destroyed houses.", score=0.7)
    assert wording(claim(worse, score=0.99), plain) == plain.claim.text


@pytest.mark.parametrize(
    "sentence",
    ["Dr. Brask of Kvant Inc. Foods won.", "U.S. troops left Orvin.", "Corp. Orvin won."],
)
def test_an_abbreviation_is_no_end_of_a_sentence(sentence: str) -> None:
    two = "Orvin won the match. Then Halsa lost."
    assert wording(claim(two, score=1.0), claim(sentence, score=0.5)) == sentence


def test_a_claim_that_says_less_is_cited_but_never_the_wording() -> None:
    strong = claim("Floods destroyed houses in Orvin.", score=1.0)
    exact = claim("Floods destroyed 120 houses in Orvin.", score=0.8)
    origins = {c.claim.article_id: n for n, c in enumerate((strong, exact))}
    fact = make_fact([exact], origins, [strong])
    assert fact.text == exact.claim.text
    assert (fact.claims, fact.refines) == ((exact,), (strong,))
    assert (len(fact.citations), fact.origins) == (2, 2)


def test_articles_of_one_origin_count_once() -> None:
    claims = [claim("Floods hit Orvin."), claim("Orvin was hit by floods.")]
    origins = {c.claim.article_id: 7 for c in claims}
    fact = make_fact(claims, origins)
    assert (len(fact.article_ids), fact.origins) == (2, 1)
