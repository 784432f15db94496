"""What every store does with what people make of a diagnosis."""

from collections.abc import Callable

import pytest

from assessment.engagement import Finding, SignOff, WaveId
from assessment.store import Closed, NotFound, Store
from tests.store.situations import TUESDAY, someone_answering

SIGNED = SignOff(signed_by="Salgsdirektør", signed_at=TUESDAY, basis="[]")
WRITES: dict[str, Callable[[Store, WaveId], object]] = {
    "change_finding": lambda s, w: s.change_finding(w, "D08", {"note": "a"}),
    "sign_diagnosis": lambda s, w: s.sign_diagnosis(w, SIGNED),
}


def test_what_is_said_of_a_finding_is_kept_field_by_field(store: Store) -> None:
    _, wave, _ = someone_answering(store)

    store.change_finding(wave, "D08", {"wording": "Teknisk er flaskehalsen", "note": "Sett i kalenderen"})
    store.change_finding(wave, "D08", {"decided": "accepted", "decided_at": TUESDAY, "basis": "[]"})
    store.change_finding(wave, "D02", {"reason": "Enige nå"})

    assert store.findings(wave) == [
        Finding(rule="D02", reason="Enige nå"),
        Finding(
            rule="D08",
            wording="Teknisk er flaskehalsen",
            note="Sett i kalenderen",
            decided="accepted",
            decided_at=TUESDAY,
            basis="[]",
        ),
    ]


def test_a_rejection_without_a_reason_is_refused_and_nothing_is_kept(store: Store) -> None:
    _, wave, _ = someone_answering(store)

    with pytest.raises(ValueError, match="says why"):
        store.change_finding(wave, "D08", {"decided": "rejected", "decided_at": TUESDAY, "basis": "[]"})

    assert store.findings(wave) == []


def test_one_signature_at_a_time_and_it_can_be_taken_away(store: Store) -> None:
    _, wave, _ = someone_answering(store)
    assert store.signed(wave) is None

    store.sign_diagnosis(wave, SIGNED)
    later = SIGNED.model_copy(update={"signed_by": "Styreleder"})
    store.sign_diagnosis(wave, later)
    assert store.signed(wave) == later

    store.sign_diagnosis(wave, None)
    assert store.signed(wave) is None


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_each_write_counts_and_is_refused_where_there_is_nothing_to_write_to(
    store: Store, write: Callable[[Store, WaveId], object]
) -> None:
    engagement, wave, _ = someone_answering(store)
    before = store.engagement(engagement).revision

    write(store, wave)
    assert store.engagement(engagement).revision == before + 1

    with pytest.raises(NotFound):
        write(store, WaveId("nowhere"))
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        write(store, wave)


def test_reading_of_no_wave_is_refused(store: Store) -> None:
    for read in (store.findings, store.signed):
        with pytest.raises(NotFound):
            read(WaveId("nowhere"))
