"""An assessment that goes to another installation: all of it arrives, and what must stay stays."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assessment.actor import Actor
from assessment.cli import main
from assessment.demo import DEMO_ID
from assessment.engagement import (
    HANDOVER_BYTES_MAX,
    Action,
    Answer,
    EngagementId,
    Finding,
    ItemId,
    Mandate,
    NoteWords,
    Process,
    ProcessId,
    SignOff,
    StageId,
    TrainingBrief,
)
from assessment.files import InputError
from assessment.links import Invitation
from assessment.report.handover import HandOvers
from assessment.report.handover_file import read
from assessment.service import Beginning, GroupBeginning, Service
from assessment.settings import settings
from assessment.store import NotFound, SqliteStore
from assessment.store.protocol import WaveOpen

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
OWNER, STRANGER = Actor("oidc", "kari.nordmann@fjordvik.no"), Actor("oidc", "ola@b.no")
PICTURE = b"\x89PNG\r\n\x1a\n\xff\xfe"


def store_in(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "handover.db", clock=lambda: NOW)


def hand_overs(store: SqliteStore) -> HandOvers:
    return HandOvers(store, clock=lambda: NOW)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """An installation with the example."""
    store = store_in(tmp_path_factory.mktemp("here"))
    Service(store, clock=lambda: NOW).open_demo()
    return store


@pytest.fixture(scope="module")
def solo(here: SqliteStore) -> EngagementId:
    """One person's assessment with all parts of the example, and what people say of the diagnosis."""
    service = Service(here, clock=lambda: NOW).for_actor(OWNER)
    id_ = service.begin(Beginning(organisation="Fjordvik & Sønn", role="SL", training_planned="yes"), "nb")
    sheet = service.sheet(id_)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(i.id): Answer(value=2) for i in sheet.items})
    _copy_parts(here, id_)
    wave = here.waves(id_)[0].id
    rule = service.diagnosis(id_).findings[0].rule  # type: ignore[union-attr]
    service.say_of_finding(id_, wave, rule, {"reason": "Rett"})
    service.decide_on_finding(id_, wave, rule, "accepted")
    here.sign_diagnosis(wave, SignOff(signed_by="Salgsleder", signed_at=NOW, basis='[["D01", "accepted"]]'))
    service.results_were_seen(id_)
    return id_


def _copy_parts(store: SqliteStore, id_: EngagementId) -> None:
    """The parts of the example under ids of their own, since an id is there once in an installation."""
    parts = json.loads(hand_overs(store).hand_over(DEMO_ID).decode())
    told = read(json.dumps(_suffixed(parts)).encode())
    wave = store.waves(id_)[0].id
    store.begin_stream(id_, told.stream)
    store.add_processes(id_, [*told.processes, Process(id=ProcessId("blind"), name_nb="Blind", class_client="core")])
    for found in told.kpis:
        store.add_kpi(id_, found.kpi, found.points)
    store.begin_mandate(id_, [*told.mandates, Mandate(reason="mindre", created_at=NOW)])
    store.add_waste_rows(id_, told.waste)
    store.add_goals(id_, told.goals)
    store.add_actions(id_, [*told.actions, Action.model_validate({"id": "own", "position": 99, "title": "Eget"})])
    store.begin_payback(id_, told.payback)
    for realised in told.realised:
        store.change_realised_benefit(id_, realised.line, realised.model_dump(exclude={"line"}))
    store.set_criterion_settings(id_, {s.criterion_id: s for s in told.criterion_settings})
    store.set_readiness(id_, {answer.item_id: answer for answer in told.readiness})
    store.set_strategy_weights(id_, {"S1": {"n1": 1.0}})
    for decision in told.decisions:
        store.add_strategy_decision(id_, decision.model_copy(update={"wave_id": wave}))
    store.change_training_brief(id_, TrainingBrief(last_day=NOW.date(), verdict="Vent").model_dump())
    store.set_note_words(id_, "S4", "nb", NoteWords(section="shows", words="Egne ord", mandate_version=1))
    store.change_branding(id_, {"sender": "Rådgiver AS", "colour": "#123456", "logo": PICTURE, "template": b"PK\xff"})


def _suffixed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_suffixed(key): _suffixed(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_suffixed(v) for v in value]
    return f"{value}-solo" if isinstance(value, str) and value.startswith("demo-") else value


def numbered(content: bytes) -> Any:
    """The document with ids by the order they come in, so that two that say the same are equal."""
    order: dict[str, str] = {}

    def walk(value: Any, field: str) -> Any:
        if isinstance(value, dict):
            return {(named(k) if field == "work" else k): walk(v, k) for k, v in value.items()}
        if isinstance(value, list):
            walked = [walk(v, field) for v in value]
            return sorted(walked, key=repr) if field in ("process_ids", "handoffs") else walked
        is_id = isinstance(value, str) and (field in ("id", "process_ids") or field.endswith("_id"))
        return named(value) if is_id and field not in ("pack_id", "item_id", "criterion_id") else value

    def named(id_: str) -> str:
        return order.setdefault(id_, f"id-{len(order)}")

    told = json.loads(content)
    # what lies by id in the tables has another order under other ids
    for part in (*told["processes"], *told["stream"]["pools"]):
        named(part["id"])
    return walk(told, "")


@pytest.fixture(scope="module")
def document(here: SqliteStore, solo: EngagementId) -> bytes:
    return hand_overs(here).hand_over(solo)


def test_everything_arrives_in_another_installation_and_leaves_it_again(
    here: SqliteStore, solo: EngagementId, document: bytes, tmp_path: Path
) -> None:
    there = store_in(tmp_path)
    first = hand_overs(there).open_handover(document)
    second = hand_overs(there).open_handover(hand_overs(there).hand_over(first))

    assert numbered(hand_overs(there).hand_over(first)) == numbered(document)
    assert numbered(hand_overs(there).hand_over(second)) == numbered(document)
    ours, theirs = (Service(s, clock=lambda: NOW) for s in (here, there))
    assert theirs.results(first).score == ours.results(solo).score
    assert theirs.stream(first).flow.rty == ours.stream(solo).flow.rty
    assert theirs.business_case(first).result == ours.business_case(solo).result
    assert theirs.branding(first) == ours.branding(solo)


def test_what_was_decided_still_rests_on_the_same_evidence(
    here: SqliteStore, solo: EngagementId, document: bytes, tmp_path: Path
) -> None:
    there = store_in(tmp_path)
    opened = Service(there, clock=lambda: NOW).diagnosis(hand_overs(there).open_handover(document))
    before = Service(here, clock=lambda: NOW).diagnosis(solo)
    assert opened is not None
    assert before is not None
    assert [f.outdated for f in opened.findings] == [f.outdated for f in before.findings]
    assert [f.said.decided for f in opened.findings] == [f.said.decided for f in before.findings]


def test_an_id_inside_what_a_decision_rested_on_follows(document: bytes, tmp_path: Path) -> None:
    told = json.loads(document)
    pool = told["stream"]["pools"][0]["id"]
    evidence = {"source": "measured", "id": "rho_max", "value": 1.2, "threshold": 1.0, "fires": True, "about": pool}
    finding = Finding.model_validate(
        {"rule": "D12", "decided": "accepted", "decided_at": NOW, "basis": json.dumps([evidence])}
    )
    told["waves"][0]["findings"] = [finding.model_dump(mode="json")]
    told["waves"][0]["signed"]["basis"] = json.dumps([["D12", "accepted", None, finding.basis]])
    there = store_in(tmp_path)
    id_ = hand_overs(there).open_handover(json.dumps(told).encode())

    wave, arrived = there.waves(id_)[0].id, there.stream_map(id_).pools[0].id
    (found,), signed = there.findings(wave), there.signed(wave)
    assert signed is not None
    assert json.loads(found.basis or "")[0]["about"] == arrived != pool
    assert json.loads(json.loads(signed.basis)[0][3])[0]["about"] == arrived


def test_it_belongs_to_whoever_opens_it_and_only_who_runs_one_hands_it_over(
    here: SqliteStore, solo: EngagementId, document: bytes, tmp_path: Path
) -> None:
    there = store_in(tmp_path)
    opened = hand_overs(there).for_actor(STRANGER).open_handover(document)

    assert there.engagement(opened).owner == STRANGER.subject
    assert hand_overs(here).for_actor(OWNER).hand_over(solo) == document
    with pytest.raises(NotFound):
        hand_overs(here).for_actor(STRANGER).hand_over(solo)
    with pytest.raises(NotFound):
        hand_overs(there).for_actor(Actor("link")).open_handover(document)


def test_no_owner_token_pin_or_class_judged_blind_leaves(here: SqliteStore, solo: EngagementId) -> None:
    service = Service(here, clock=lambda: NOW, secret=lambda: b"s" * 32)
    service.add_member(solo, "per@fjordvik.no", "viewer")
    (invited,) = service.invite(solo, Invitation(purpose="results", pin_hash="$argon2id$pin"))
    text = hand_overs(here).hand_over(solo).decode()

    secrets = ("kari.nordmann", "per@fjordvik", invited.link.token_hash, str(invited.token), invited.link.id, "argon2")
    assert [secret for secret in secrets if secret in text] == []
    (blind,) = [p for p in json.loads(text)["processes"] if p["name_nb"] == "Blind"]
    assert (blind["class_client"], blind["class_consultant"]) == (None, None)


def test_of_many_only_what_was_published_leaves(here: SqliteStore, tmp_path: Path) -> None:
    content = hand_overs(here).hand_over(DEMO_ID)
    told = json.loads(content)
    there = store_in(tmp_path)
    opened = hand_overs(there).open_handover(content)

    assert {wave["response"] for wave in told["waves"]} == {None}
    answers = {r.id for wave in here.waves(DEMO_ID) for r in here.responses(wave.id)}
    assert answers
    assert not any(id_ in content.decode() for id_ in answers)
    assert "own_answers" not in content.decode()
    assert any("respondent" in left for left in told["left_out"])
    shown = Service(here, clock=lambda: NOW).results(DEMO_ID).score.overall.score
    assert told["waves"][-1]["result"]["result"]["overall"]["score"] == pytest.approx(shown)
    assert [there.responses(wave.id) for wave in there.waves(opened)] == [[] for _ in told["waves"]]
    assert Service(there, clock=lambda: NOW).results(opened).respondents == 0
    assert there.stream_map(opened).stages[0].id != StageId("demo-S1")


def test_nothing_leaves_while_people_answer(here: SqliteStore) -> None:
    service = Service(here, clock=lambda: NOW)
    id_ = service.begin_group(GroupBeginning(organisation="Fjordvik", training_planned="no"), "nb")
    with pytest.raises(WaveOpen):
        hand_overs(here).hand_over(id_)


def _without_version(told: dict[str, Any]) -> None:
    told["version"] = 2


def _with_more(told: dict[str, Any]) -> None:
    told["goals"][0]["colour"] = "x"


def _with_less(told: dict[str, Any]) -> None:
    del told["kpis"][0]["kpi"]["better"]


def _pointing_nowhere(told: dict[str, Any]) -> None:
    told["goals"][0]["kpi_id"] = "nowhere"


def _twice(told: dict[str, Any]) -> None:
    told["waste"].append(told["waste"][0])


def _answering_what_is_not_asked(told: dict[str, Any]) -> None:
    told["waves"][0]["response"]["answers"]["C9.9"] = {"value": 1}


def _of_many_with_answers(told: dict[str, Any]) -> None:
    told["engagement"]["mode"] = "anonymous"


def _of_another_set(told: dict[str, Any]) -> None:
    told["waves"][0]["pack_id"] = "other"


def _of_one_without_answers(told: dict[str, Any]) -> None:
    told["waves"][0]["response"] = None


def _with_a_basis_of_its_own(told: dict[str, Any]) -> None:
    told["decisions"][0]["basis"] = "{}"


def _with_weights_of_nothing(told: dict[str, Any]) -> None:
    told["strategy_weights"] = {"S1": {"n1": 0.0}}


def _with_a_code_of_its_own(told: dict[str, Any]) -> None:
    told["kpis"][0]["kpi"]["code"] = "K99"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_version, "version: 2 is not 1"),
        (_with_more, "goals[0].colour: not part of a hand-over; take it out"),
        (_with_less, "kpis[0].kpi.better: missing; add it"),
        (_pointing_nowhere, 'goals: kpi_id: "nowhere" is not in the document'),
        (_twice, "waste: id: the same stands more than once; keep one"),
        (_answering_what_is_not_asked, 'waves[0].response.answers: "C9.9" is no question of full'),
        (_of_many_with_answers, "waves[0]: people answered anonymously"),
        (_of_another_set, 'waves[0].pack_id: "other" is no question set'),
        (_of_one_without_answers, "waves[0].response: missing; add the answers"),
        (_with_a_basis_of_its_own, "decisions: basis: not as this installation writes it"),
        (_with_weights_of_nothing, "strategy_weights: weights must be"),
        (_with_a_code_of_its_own, 'kpis: code: "K99" is not known here'),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_do(
    document: bytes, spoil: Callable[[dict[str, Any]], None], said: str, tmp_path: Path
) -> None:
    told = json.loads(document)
    spoil(told)
    there = store_in(tmp_path)
    with pytest.raises(InputError) as refused:
        hand_overs(there).open_handover(json.dumps(told).encode())

    assert [problem for problem in refused.value.problems if problem.startswith(said)]
    assert there.engagements() == []


def test_several_problems_are_said_at_once(document: bytes) -> None:
    told = json.loads(document)
    _with_more(told)
    _with_less(told)
    with pytest.raises(InputError) as refused:
        read(json.dumps(told).encode())
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"[]", b"\xff\xfe", b"[" * 100_000, b" " * (HANDOVER_BYTES_MAX + 1)]
)
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(InputError) as refused:
        read(content)
    assert refused.value.problems[0].startswith("the document: ")


def test_a_fault_on_the_way_leaves_nothing_behind(
    document: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = store_in(tmp_path)

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(there, "change_branding", full)
    with pytest.raises(OSError, match="disk full"):
        hand_overs(there).open_handover(document)
    assert there.engagements() == []
    monkeypatch.undo()
    assert hand_overs(there).open_handover(document)


def test_the_commands_carry_it_from_one_database_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(tmp_path / "one.db"))
    settings.cache_clear()
    assert main(["handover", "demo"]) == 0
    (tmp_path / "file.json").write_text(capsys.readouterr().out, encoding="utf-8")
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(tmp_path / "other.db"))
    settings.cache_clear()

    assert main(["open-handover", str(tmp_path / "file.json")]) == 0
    printed = capsys.readouterr()
    assert SqliteStore(tmp_path / "other.db").engagement(EngagementId(printed.out.strip())).fictional
    assert "did not come along" in printed.err
    assert main(["handover", "nobody"]) == 2
    assert "no such engagement" in capsys.readouterr().err
    settings.cache_clear()


def test_the_published_schema_is_the_one_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["handover-schema"]) == 0
    assert (ROOT / "docs" / "handover.schema.json").read_text(encoding="utf-8") == capsys.readouterr().out
