"""summarizer.merge.facts: which claims say the same."""

from __future__ import annotations

import pytest

from summarizer.data import SupportedClaim, Writer
from summarizer.merge.claims import tellings
from summarizer.merge.facts import Comparer, group_claims, make_fact
from tests.conftest import make_article, make_supported

NOISE = (
    "Ferry traffic to Halsa resumed after the storm.",
    "The museum in Grenvik shows paintings by Sofie Aro.",
    "A bakery in Tolm sells bread made of acorns.",
    "The pilots of Nordluft voted for a strike.",
)


def grouped(*texts: str, retold: bool = False) -> list[list[int]]:
    """Group claims, each of an article of its own, among claims about other things."""
    articles = [make_article(text, source=f"{n}.txt") for n, text in enumerate([*texts, *NOISE])]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    pairs = {(i, j) for j in range(len(texts)) for i in range(j)} if retold else set()
    groups = group_claims(Comparer(tellings(articles, claims), retold=pairs))
    return [group for group in groups if group[0] < len(texts)]


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
    assert grouped(first, second) == [[0, 1]]


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
    assert grouped(first, second, retold=retold) == [[0], [1]]


def test_next_year_may_be_the_year_that_another_names() -> None:
    first = "Brelo is reportedly planning to start training the new model early next year."
    second = (
        "According to sources, Brelo expects to begin training the model in early 2032, "
        "with plans for a release some time later."
    )
    assert grouped(first, second, retold=True) == [[0, 1]]


def test_retellings_of_one_report_need_less_likeness() -> None:
    first = "It is also expanding mills necessary for Zeta flour and securing Kvant's grinder H7."
    second = (
        "To support this high-quality flour, Brelo is constructing the necessary mills while "
        "increasing its holdings of Kvant's sought-after H7 grinder."
    )
    assert grouped(first, second) == [[0], [1]]
    assert grouped(first, second, retold=True) == [[0, 1]]


def test_a_chain_of_likenesses_joins_nothing() -> None:
    chain = (
        "Governor Lena Brask opened the Orvin bridge and praised the harbour workers.",
        "Governor Lena Brask opened the Orvin bridge, then met farmers from Tolm valley.",
        "Lena Brask met farmers from Tolm valley about milk prices and new barns.",
    )
    for group in grouped(*chain):
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


def test_articles_of_one_origin_count_once() -> None:
    claims = [claim("Floods hit Orvin."), claim("Orvin was hit by floods.")]
    origins = {c.claim.article_id: 7 for c in claims}
    fact = make_fact(claims, origins)
    assert (len(fact.article_ids), fact.origins) == (2, 1)
