"""What every store does with what has come of the benefits, and with how it was before."""

from datetime import date

import pytest

from assessment.engagement import Answer, ItemId, PaybackLine, RealisedBenefit
from assessment.store import Closed, NotFound, Saving, Store
from tests.store.situations import TUESDAY, a_response, item, someone_answering

SIGNED = {"amount": 30_000, "measured_on": date(2026, 5, 31), "signed_by": "Salg", "signed_on": date(2026, 6, 1)}
THREE, PULSE = Answer(value=3), ItemId("PU1")


def test_what_a_benefit_has_given_is_kept_beside_what_is_expected_of_it(store: Store) -> None:
    engagement = someone_answering(store)[0]
    store.change_payback_line(engagement, "B3", {"owner": "Leveranse"})
    assert store.realised_benefits(engagement) == []

    store.change_realised_benefit(engagement, "B3", SIGNED)
    store.change_realised_benefit(engagement, "B3", {"note": "Regnskap"})
    store.change_payback_line(engagement, "B3", {"evidence": "E3"})

    (told,) = store.realised_benefits(engagement)
    assert told == RealisedBenefit.model_validate({"line": "B3", "note": "Regnskap", **SIGNED})
    assert store.payback(engagement).lines == (PaybackLine(line="B3", owner="Leveranse", evidence="E3"),)


@pytest.mark.parametrize(
    "wrong", [{"signed_by": "Salg"}, {"signed_on": date(2026, 6, 1)}, {"amount": -1}, SIGNED | {"amount": None}]
)
def test_a_signature_is_whole_and_for_an_amount(store: Store, wrong: dict[str, object]) -> None:
    engagement = someone_answering(store)[0]
    revision = store.revision(engagement)

    with pytest.raises(ValueError):
        store.change_realised_benefit(engagement, "B3", wrong)

    assert (store.realised_benefits(engagement), store.revision(engagement)) == ([], revision)


def test_a_deleted_engagement_takes_nothing_and_one_that_is_not_there_has_nothing(store: Store) -> None:
    engagement = someone_answering(store)[0]
    store.delete_engagement(engagement, TUESDAY)

    with pytest.raises(Closed):
        store.change_realised_benefit(engagement, "B3", SIGNED)
    with pytest.raises(NotFound):
        store.realised_benefits(type(engagement)("nothing"))


def test_how_it_was_before_is_kept_apart_from_the_answers_and_counts_as_none(store: Store) -> None:
    _, wave, response = someone_answering(store)

    store.save_all([Saving(response, {item(1): THREE}, retrospective={PULSE: Answer(value=2)})])
    store.save_all([Saving(response, retrospective={PULSE: Answer(value="DK")})])

    for kept in (store.response(response), *store.responses(wave)):
        assert (kept.answers, kept.retrospective) == ({item(1): THREE}, {PULSE: Answer(value="DK")})
    assert [count.answered for count in store.progress(wave)] == [1]


def test_how_it_was_before_is_stored_with_whole_responses_and_erased_with_them(store: Store) -> None:
    _, wave, response = someone_answering(store)
    store.add_responses(wave, [a_response(wave, id="r2", retrospective={PULSE: THREE})])
    assert store.response(type(response)("r2")).retrospective == {PULSE: THREE}

    store.erase_response(type(response)("r2"))
    store.add_responses(wave, [a_response(wave, id="r2")])

    assert store.response(type(response)("r2")).retrospective == {}
