import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.validate.language import is_english

ENGLISH = (
    "The harbour office said on Monday that it would close the old ferry line, and that the crews "
    "were to be told of it by letter. Most of them have worked there for more than ten years."
)
GERMAN = (
    "Die Hafenbehörde teilte am Montag mit, dass sie die alte Fährlinie schließen werde und die "
    "Besatzungen per Brief davon erfahren sollten. Die meisten arbeiten seit zehn Jahren dort."
)
FRENCH = (
    "La capitainerie a annoncé lundi la fermeture de la vieille ligne de ferry, et les équipages "
    "en seront informés par courrier. La plupart y travaillent depuis plus de dix ans."
)
DUTCH = (
    "Het havenbedrijf zei maandag dat het de oude veerdienst zou sluiten en dat de bemanningen "
    "daarover een brief zouden krijgen. De meesten werken er al meer dan tien jaar."
)
RUSSIAN = (
    "Портовое управление сообщило в понедельник, что закроет старую паромную линию, а экипажи "
    "узнают об этом из писем. Большинство работает там более десяти лет."
)
CHINESE = "港务局星期一表示将关闭旧渡轮航线，船员们将收到通知信。他们大多数在那里工作了十多年。"


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.lower(),
        ENGLISH.upper(),
        ENGLISH * 500,
        "“The bridge is safe,” Tarn said.",  # too few words to count
        "Beyoncé sang at the café in Velmora.",
        "Vorn sells pumps.",
    ],
)
def test_english_is_english(text):
    assert is_english(text)


@pytest.mark.parametrize("text", [GERMAN, GERMAN.lower(), FRENCH, DUTCH, RUSSIAN, CHINESE])
def test_other_languages_are_not(text):
    assert not is_english(text)


@pytest.mark.parametrize("text", ["港务局关闭航线。", "Порт закрыт.", "Ο λιμένας έκλεισε."])
def test_few_words_in_another_alphabet_are_not(text):
    assert not is_english(text)


def test_only_the_beginning_of_a_long_text_is_read():
    assert is_english(ENGLISH * 200 + RUSSIAN * 2000)


@given(st.text())
def test_any_text_gets_an_answer(text):
    assert is_english(text) in (True, False)
