"""The use cases of the diagnosis: decided on evidence, out of date when that changes, and signed as a whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessment.diagnoses import DiagnosisSheet
from assessment.engagement import Answer, EngagementId
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import NotFound


def ticking() -> Iterator[datetime]:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    while True:
        yield now
        now += timedelta(minutes=1)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    clock = ticking()
    return Service(SqliteStore(tmp_path / "diagnoses.db"), clock=lambda: next(clock))


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    """A leader who finds interfaces weak, and has drawn the worked value stream."""
    begun = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    sheet = service.sheet(begun)
    assert sheet is not None
    weak = ("C5.4", "C5.5")
    service.answer(sheet.response_id, {i.id: Answer(value=1 if i.id in weak else 4) for i in sheet.items})  # type: ignore[misc]
    service.begin_stream(begun, "nb", worked=True)
    return begun


def diagnosed(service: Service, engagement: EngagementId) -> DiagnosisSheet:
    found = service.diagnosis(engagement)
    assert found is not None
    return found


def decide_on_all(service: Service, engagement: EngagementId) -> DiagnosisSheet:
    found = diagnosed(service, engagement)
    for judged in found.findings:
        service.decide_on_finding(engagement, found.wave_id, judged.rule, "accepted")
    return diagnosed(service, engagement)


def test_before_there_are_answers_there_is_no_diagnosis(service: Service) -> None:
    begun = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")

    assert service.diagnosis(begun) is None


def test_answers_and_figures_that_agree_make_a_finding_and_each_rule_has_its_place(
    service: Service, engagement: EngagementId
) -> None:
    found = diagnosed(service, engagement)

    rules = {f.rule for f in found.findings}
    assert {"D05", "D07", "D08"} <= rules
    interfaces = found.find("D05")
    assert interfaces is not None
    assert interfaces.diagnosis is not None
    assert {e.source for e in interfaces.diagnosis.evidence} == {"questionnaire", "measured"}
    assert rules | found.quiet.keys() | set(found.untried) == {f"D{n:02}" for n in range(1, 13)}
    assert not rules & found.quiet.keys()


def test_a_finding_is_said_in_ones_own_words_and_empty_words_are_none(
    service: Service, engagement: EngagementId
) -> None:
    wave = diagnosed(service, engagement).wave_id
    service.say_of_finding(engagement, wave, "D08", {"wording": " Teknisk er full ", "note": "Sett i kalenderen"})
    service.say_of_finding(engagement, wave, "D08", {"note": "  "})

    judged = diagnosed(service, engagement).find("D08")
    assert judged is not None
    assert (judged.said.wording, judged.said.note) == ("Teknisk er full", None)


def test_words_alone_decide_nothing(service: Service, engagement: EngagementId) -> None:
    with pytest.raises(ValueError, match="decide_on_finding"):
        service.say_of_finding(engagement, diagnosed(service, engagement).wave_id, "D08", {"decided": "accepted"})


def test_a_finding_is_rejected_with_a_reason_and_left_open_again(service: Service, engagement: EngagementId) -> None:
    wave = diagnosed(service, engagement).wave_id
    with pytest.raises(ValueError, match="says why"):
        service.decide_on_finding(engagement, wave, "D08", "rejected")
    service.say_of_finding(engagement, wave, "D08", {"reason": "Ny kollega fra mandag"})
    service.decide_on_finding(engagement, wave, "D08", "rejected")

    judged = diagnosed(service, engagement).find("D08")
    assert judged is not None
    assert judged.said.decided == "rejected"
    with pytest.raises(ValueError, match="says why"):
        service.say_of_finding(engagement, wave, "D08", {"reason": ""})

    service.decide_on_finding(engagement, wave, "D08", None)
    judged = diagnosed(service, engagement).find("D08")
    assert judged is not None
    assert (judged.said.decided, judged.said.basis, judged.said.reason) == (None, None, "Ny kollega fra mandag")


def test_a_rule_that_does_not_fire_cannot_be_decided_on(service: Service, engagement: EngagementId) -> None:
    found = diagnosed(service, engagement)

    with pytest.raises(ValueError, match="only a finding"):
        service.decide_on_finding(engagement, found.wave_id, next(iter(found.quiet)), "accepted")


def test_a_changed_figure_makes_only_what_rests_on_it_out_of_date_and_says_what_was(
    service: Service, engagement: EngagementId
) -> None:
    decide_on_all(service, engagement)
    first = service.stream(engagement).chain[0]
    service.change_stage(engagement, first.id, {"complete_accurate_share": 0.60})

    found = diagnosed(service, engagement)

    outdated = {f.rule for f in found.findings if f.outdated}
    assert "D05" in outdated  # the hand-off to the call centre is one between departments
    assert "D08" not in outdated  # marketing's quality does not reach presales
    judged = found.find("D05")
    assert judged is not None
    ((was, now),) = judged.changed
    assert was is not None
    assert now is not None
    assert (was.id, was.value) == ("dExt", pytest.approx(0.5625))
    assert now.value == pytest.approx(0.625)
    assert judged in found.open

    service.decide_on_finding(engagement, found.wave_id, "D05", "accepted")
    renewed = diagnosed(service, engagement).find("D05")
    assert renewed is not None
    assert not renewed.outdated


def test_changing_a_figure_back_makes_a_decision_hold_again(service: Service, engagement: EngagementId) -> None:
    decide_on_all(service, engagement)
    first = service.stream(engagement).chain[0]
    for share in (0.60, 0.70):
        service.change_stage(engagement, first.id, {"complete_accurate_share": share})

    assert not any(f.outdated for f in diagnosed(service, engagement).findings)


def test_a_decided_finding_that_fires_no_more_is_remembered_as_such(service: Service, engagement: EngagementId) -> None:
    decide_on_all(service, engagement)
    full = service.stream(engagement).flow.bottleneck
    assert full is not None
    service.change_pool(engagement, full, {"fte": 9})
    pools = service.stream(engagement).flow.pools
    for use in pools:
        service.change_pool(engagement, use.id, {"fte": 50})

    found = diagnosed(service, engagement)

    assert found.find("D08") in found.lapsed
    assert "D08" in found.quiet
    lapsed = found.find("D08")
    assert lapsed is not None
    assert lapsed.diagnosis is None
    assert lapsed.outdated


def test_nobody_signs_while_a_finding_is_open(service: Service, engagement: EngagementId) -> None:
    with pytest.raises(ValueError, match="accepted or rejected"):
        service.sign_diagnosis(engagement, diagnosed(service, engagement).wave_id, "Salgsdirektør")


def test_a_signature_holds_until_something_it_stood_for_changes(service: Service, engagement: EngagementId) -> None:
    wave = decide_on_all(service, engagement).wave_id
    service.sign_diagnosis(engagement, wave, "Salgsdirektør")
    signed = diagnosed(service, engagement)
    assert signed.signed is not None
    assert (signed.signed.signed_by, signed.changed_since) == ("Salgsdirektør", False)

    service.say_of_finding(engagement, wave, "D08", {"note": "et notat er ikke en endring"})
    assert not diagnosed(service, engagement).changed_since
    service.say_of_finding(engagement, wave, "D08", {"wording": "Andre ord"})
    assert diagnosed(service, engagement).changed_since


def test_a_withdrawn_signature_can_be_put_back(service: Service, engagement: EngagementId) -> None:
    wave = decide_on_all(service, engagement).wave_id
    service.sign_diagnosis(engagement, wave, "Salgsdirektør")

    taken = service.withdraw_signature(engagement, wave)
    assert taken is not None
    assert diagnosed(service, engagement).signed is None

    service.restore_signature(engagement, wave, taken)
    assert diagnosed(service, engagement).signed == taken


def test_a_wave_of_another_assessment_is_not_there(service: Service, engagement: EngagementId) -> None:
    other = service.begin(Beginning(organisation="Annet", role="SL", training_planned="no"), "nb")
    wave = service.waves(other)[0].id

    with pytest.raises(NotFound):
        service.say_of_finding(engagement, wave, "D08", {"note": "a"})


def test_each_measurement_has_a_diagnosis_of_its_own(service: Service) -> None:
    demo = service.open_demo()
    first, last = service.waves(demo)[0], service.waves(demo)[-1]
    latest = diagnosed(service, demo)
    service.decide_on_finding(demo, last.id, latest.findings[0].rule, "accepted")

    early = service.diagnosis(demo, first.id)
    assert early is not None
    assert all(f.said.decided is None for f in early.findings)
    assert diagnosed(service, demo).findings[0].said.decided == "accepted"


def test_what_drives_the_example_has_names_from_the_map_and_from_the_questionnaire(service: Service) -> None:
    demo = service.open_demo()
    advice = service.advice(demo)
    assert advice is not None

    chosen = advice.recommendation.strategy(advice.recommendation.recommended)  # type: ignore[arg-type]
    assert chosen.id == "S1"  # with process data it can be assessed at last
    assert chosen.evidence == pytest.approx(1)
    kinds = {getattr(d.about, "kind", "item") for d in advice.drivers}
    assert {"pool", "process"} <= kinds
    assert sum(d.points for d in advice.drivers) <= (chosen.fit or 0) + 1e-9
