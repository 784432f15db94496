"""What a room says of its mandate, its questions and what a ballot gave."""

import pytest

from assessment.engagement import Mandate
from assessment.packs import Language
from assessment.wording import reader, room_words
from assessment.workshop.records import GUESS_LOWEST, QuestionOutcome


@pytest.mark.parametrize(
    ("told", "nb", "en"),
    [
        (None, "Mandatet er ikke beskrevet ennå.", "The mandate is not described yet."),
        (
            {"owner": "SL"},
            "Mandatet er åpnet, men ingenting er sagt om hva arbeidet rekker over.",
            "The mandate is begun, but nothing is said of how far the work reaches.",
        ),
        (
            {"scope": "all_sales", "horizon_months": 6, "hours": 120, "may_change_system": False},
            "Mandatet: alt i salg, innen 6 måneder, med 120 egne timer. Dette skal stå urørt: systemene.",
            "The mandate: all of sales, within 6 months, with 120 hours of your own. "
            "This is to be left alone: the systems.",
        ),
        (
            {"departments": ["Økonomi"], "may_change_process": True},
            "Mandatet: sammen med Økonomi.",
            "The mandate: together with Økonomi.",
        ),
    ],
)
def test_the_mandate_is_one_sentence_of_what_somebody_has_said(
    told: dict[str, object] | None, nb: str, en: str
) -> None:
    mandate = None if told is None else Mandate.model_validate(told)
    expected: dict[Language, str] = {"nb": nb, "en": en}
    for language, says in expected.items():
        with reader.writing(language):
            assert room_words.mandate(mandate) == says


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ({"n": None}, "For få svar til å vises"),
        ({"n": 6}, "Flere svar er like vanlige"),
        ({"n": 6, "leading": "core"}, "de fleste: kjerne"),
        ({"n": 10, "leading": "support", "counts": {"core": 3, "support": 7}}, "Støtte 7, Kjerne 3"),
    ],
)
def test_of_classes_it_says_no_more_than_it_may(outcome: dict[str, object], says: str) -> None:
    with reader.writing("nb"):
        assert room_words.chosen("classes", QuestionOutcome.model_validate({"id": "p", **outcome})) == says


def test_a_level_is_a_mean_or_the_band_where_all_said_the_same() -> None:
    with reader.writing("nb"):
        assert room_words.level(QuestionOutcome(id="q", n=6, mean=3.25)) == "3,3"
        assert room_words.level(QuestionOutcome(id="q", n=6, band=">=4")) == "≥ 4"
        assert room_words.option("pulse", GUESS_LOWEST, "C1") == "Grunnlag for salgstrening"
        assert room_words.option("pulse", "PU1", "DK") == "Vet ikke"
