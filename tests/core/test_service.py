"""The use cases on a real file: begin, answer, result, advice, deletion, settings, mandate, and the example."""

import multiprocessing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assessment.advice import DRIVERS
from assessment.engagement import Answer, CriterionSetting, EngagementId, ItemId, ReadinessAnswer, Response, ResponseId
from assessment.packs import builtin
from assessment.plan.mandates import decided_mandate
from assessment.scoring.sensitivity import Sensitivity
from assessment.service import UNDO_DAYS, Beginning, GroupBeginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import Busy, Closed, NotFound

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WAVES = {"demo-T0": 20, "demo-T2": 20, "demo-T3": 20}


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> SqliteStore:
    return SqliteStore(tmp_path / "service.db", clock=clock)


@pytest.fixture
def service(store: SqliteStore, clock: Clock) -> Service:
    return Service(store, clock)


def begun(service: Service, **given: Any) -> EngagementId:
    """A solo assessment somebody has just begun."""
    beginning = {"organisation": "Fjordvik", "role": "SL", "training_planned": "yes", **given}
    return service.begin(Beginning.model_validate(beginning), "nb")


def answered(service: Service, value: int | str = 2, differs: Mapping[str, Any] | None = None, **given: Any) -> Any:
    """A solo assessment with every shown question answered `value`, or as `differs` says."""
    engagement_id = begun(service, **given)
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    values = {i.id: (differs or {}).get(i.id, value) for i in sheet.items}
    service.answer(sheet.response_id, {ItemId(i): Answer.model_validate({"value": v}) for i, v in values.items()})
    return engagement_id


# ---------------------------------------------------------------- begin and answer


def test_a_new_assessment_pins_the_questionnaire_and_the_time(service: Service, store: SqliteStore) -> None:
    engagement = service.engagement(begun(service, organisation="  Fjordvik AS "))

    (wave,) = store.waves(engagement.id)
    pack = builtin("full")
    assert (engagement.name, engagement.mode, engagement.created_at) == ("Fjordvik AS", "solo", START)
    assert (wave.pack_id, wave.pack_version, wave.pack_hash) == (pack.id, pack.version, pack.hash)
    assert (wave.label, wave.position) == ("T0", 1)


@pytest.mark.parametrize("organisation", ["", "   ", "x" * 81])
def test_an_organisation_needs_a_name_of_sensible_length(organisation: str) -> None:
    with pytest.raises(ValidationError):
        Beginning(organisation=organisation, role="SL", training_planned="yes")


@pytest.mark.parametrize(
    ("role", "view", "shown"), [("SL", "role", 32), ("TM", "role", 8), ("TM", "all", 33), ("OD", "role", 13)]
)
def test_a_role_sees_what_it_can_observe_or_all(service: Service, role: str, view: str, shown: int) -> None:
    sheet = service.sheet(begun(service, role=role, view=view))

    assert sheet is not None
    assert sheet.total == shown
    if view == "role":
        assert all(role in item.roles for item in sheet.items)


def test_the_sheet_is_one_criterion_a_page_and_knows_where_to_continue(service: Service) -> None:
    engagement_id = begun(service)
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    assert sheet.pages == ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
    assert sum(len(sheet.items_on(page)) for page in sheet.pages) == sheet.total
    assert sheet.first_unanswered_page() == "C1"

    first_two = [*sheet.items_on("C1"), *sheet.items_on("C2")[1:]]
    service.answer(sheet.response_id, {ItemId(i.id): Answer(value="DK") for i in first_two})

    resumed = service.sheet(engagement_id)
    assert resumed is not None
    assert resumed.first_unanswered_page() == "C2"


def test_a_pulse_is_one_page(service: Service) -> None:
    sheet = service.sheet(begun(service, pack_id="pulse"))

    assert sheet is not None
    assert len(sheet.pages) == 1
    assert sheet.items_on(sheet.pages[0]) == sheet.items


def test_an_answer_is_there_for_another_process_and_the_last_one_stands(tmp_path: Path, service: Service) -> None:
    engagement_id = begun(service)
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    for value in (1, 4):
        service.answer(sheet.response_id, {ItemId("C1.1"): Answer(value=value)})

    elsewhere = Service(SqliteStore(tmp_path / "service.db")).sheet(engagement_id)

    assert elsewhere is not None
    assert elsewhere.answers == {"C1.1": Answer(value=4)}
    assert elsewhere.first_unanswered_page() == "C1"


def test_an_answer_to_nobodys_sheet_is_refused(service: Service) -> None:
    with pytest.raises(NotFound):
        service.answer(ResponseId("nobody"), {ItemId("C1.1"): Answer(value=1)})


# ---------------------------------------------------------------- results and advice


def test_a_result_names_the_questionnaire_and_keeps_the_answers_behind_it(service: Service) -> None:
    results = service.results(answered(service, 3))

    assert results.own is not None
    assert len(results.own) == 33
    assert (results.score.pack_hash, results.score.overall.score) == (builtin("full").hash, 3.0)
    assert (results.respondents, [w.label for w in results.waves]) == (1, ["T0"])


def test_a_role_view_scores_only_what_was_shown(service: Service) -> None:
    by_role = service.results(answered(service, 3, role="TM", view="role"))
    by_all = service.results(answered(service, 3, role="TM", view="all"))

    assert sum(c.applicable for c in by_role.score.criteria) == 8
    assert sum(c.applicable for c in by_all.score.criteria) == 33
    assert [c.id for c in by_role.score.criteria if c.score is None] != []
    assert [c.id for c in by_all.score.criteria if c.score is None] == []


def test_before_there_is_something_to_build_on_there_is_no_advice(service: Service) -> None:
    assert service.advice(begun(service)) is None
    assert service.advice(answered(service, "DK")) is None
    assert service.advice(answered(service, 2, pack_id="pulse")) is None


def test_advice_says_what_fits_and_which_questions_drove_it(service: Service) -> None:
    advice = service.advice(answered(service, 4, {"C5.4": 1, "C5.5": 1}))

    assert advice is not None
    assert advice.recommendation.recommended == "S4"
    assert advice.recommendation.stability is not None
    assert [d.about for d in advice.drivers][:2] == ["C5.4", "C5.5"]
    assert advice.mandate_unknown == ("scope", "processes_in_scope", "horizon_months", "owner")


@pytest.mark.parametrize("value", [1, 2, 3])
def test_what_the_questions_contribute_is_never_more_than_the_fit(service: Service, value: int) -> None:
    advice = service.advice(answered(service, value, {"C5.4": 1, "C6.5": 2}))

    assert advice is not None
    chosen = advice.recommendation.strategy(advice.recommendation.recommended)
    points = [d.points for d in advice.drivers]
    assert 0 < len(points) <= DRIVERS
    assert min(points) > 0
    assert points == sorted(points, reverse=True)
    assert sum(points) <= (chosen.fit or 0) + 1e-9


def test_the_drivers_of_many_respondents_are_never_more_than_the_fit_either(service: Service) -> None:
    demo = service.open_demo()
    for wave in WAVES:
        advice = service.advice(demo, wave)
        assert advice is not None
        fit = advice.recommendation.strategy(advice.recommendation.recommended).fit or 0
        assert 0 < sum(d.points for d in advice.drivers) <= fit + 1e-9


def test_what_one_person_says_is_never_more_than_low_confidence(service: Service) -> None:
    advice = service.advice(answered(service, 2, training_planned="yes"))

    assert advice is not None
    assert "D10" in {d.rule for d in advice.diagnoses}
    assert {d.confidence for d in advice.diagnoses} == {"low"}


def test_the_training_verdict_follows_the_foundation(service: Service) -> None:
    foundation = [f"C1.{n}" for n in range(1, 5)]
    given = {value: dict.fromkeys(foundation, value) for value in (2, 3, 4, "DK")}

    verdicts = {v: service.advice(answered(service, 3, differs)) for v, differs in given.items()}

    assert {v: a.training if a else None for v, a in verdicts.items()} == {
        2: "fix_first",
        3: "parallel",
        4: "train",
        "DK": "unknown",
    }


# ---------------------------------------------------------------- careless answers


Person = tuple[str, int | None, float | None]  # role, the answer to everything or None for various, seconds on a page
CAREFUL: list[Person] = [("S", None, 40)] * 8 + [("SL", None, 60)] * 2


def gathered(service: Service, store: SqliteStore, *measurements: list[Person]) -> EngagementId:
    """An assessment with these measurements, all closed."""
    engagement = service.begin_group(GroupBeginning(organisation="Fjordvik", training_planned="no"), "nb")
    pack = builtin("full")
    for number, people in enumerate(measurements):
        wave = service.open_wave(engagement, "T2") if number else service.waves(engagement)[0]
        rows = [
            {
                "id": f"{wave.id}-{place:02}",
                "wave_id": wave.id,
                "role": role,
                "answers": {
                    item.id: {"value": value or 2 + (at + place) % 3}
                    for at, item in enumerate(pack.items)
                    if item.id in pack.shown_to(role)
                },
                "page_seconds": {} if seconds is None else {c.id: seconds for c in pack.criteria},
            }
            for place, (role, value, seconds) in enumerate(people)
        ]
        store.add_responses(wave.id, [Response.model_validate(row) for row in rows])
        service.close_wave(engagement, wave.id)
    return engagement


def test_who_answered_too_fast_is_in_no_figure(service: Service, store: SqliteStore) -> None:
    results = service.results(gathered(service, store, [*CAREFUL, ("S", 5, 5)]))
    alone = service.results(gathered(service, store, CAREFUL))

    assert results.score == alone.score
    assert results.sensitivity == Sensitivity(flagged=0, excluded=1, without=None)
    assert (results.respondents, results.score.respondents) == (11, 10)


def test_who_answered_too_fast_is_in_no_comparison_either(service: Service, store: SqliteStore) -> None:
    """With them the second measurement would be the first one's people and one more, and would be refused."""
    found = service.comparison(gathered(service, store, CAREFUL, [*CAREFUL, ("S", 5, 5)]))

    assert found is not None
    assert found.change is not None
    assert {c.delta for c in found.change.criteria} == {0.0}


def test_the_line_without_the_flagged_is_a_published_set_among_measurements(
    service: Service, store: SqliteStore
) -> None:
    """The second measurement's people are five fewer, but one more than those of the line without the flagged."""
    flagged: list[Person] = [("S", 5, None)] * 6
    found = service.comparison(gathered(service, store, [*CAREFUL, *flagged], [*CAREFUL, *flagged[:1]]))

    assert found is not None
    assert found.first.sensitivity is not None
    assert found.first.sensitivity.without is not None
    assert found.change is None


def test_only_many_can_be_careless(service: Service) -> None:
    assert service.results(answered(service, 3)).sensitivity is None


def test_the_line_with_and_without_is_there_for_five_who_answered_alike(service: Service, store: SqliteStore) -> None:
    results = service.results(gathered(service, store, [("S", 5, 40)] * 5 + [("S", None, 40)] * 8))

    line = results.sensitivity
    assert line is not None
    assert (line.flagged, line.excluded) == (5, 0)
    assert line.without is not None
    assert all(line.without.criteria[c.id] < c.score for c in results.score.criteria)


# ---------------------------------------------------------------- the pulse and then the full set


def test_a_pulse_continues_with_the_full_set_once(service: Service) -> None:
    engagement_id = answered(service, 3, pack_id="pulse", role="S")

    service.continue_with_full_set(engagement_id)
    service.continue_with_full_set(engagement_id)

    sheet = service.sheet(engagement_id)
    assert sheet is not None
    assert (sheet.pack.id, sheet.total, dict(sheet.answers)) == ("full", 33, {})
    assert service.results(engagement_id).pack.id == "pulse"  # until the full set has an answer
    service.answer(sheet.response_id, {ItemId("C1.1"): Answer(value=2)})
    assert service.results(engagement_id).pack.id == "full"
    assert [w.label for w in service.results(engagement_id).waves] == ["pulse", "T0"]


# ---------------------------------------------------------------- deletion


def test_a_deleted_assessment_is_out_of_sight_and_can_be_restored(service: Service) -> None:
    engagement_id = answered(service, 3)
    before = service.results(engagement_id).score

    service.delete(engagement_id)

    for look in (service.engagement, service.sheet, service.results, service.advice):
        with pytest.raises(NotFound):
            look(engagement_id)
    (overview,) = service.engagements()
    assert overview.engagement.deleted_at == START

    service.restore(engagement_id)
    assert service.results(engagement_id).score == before


def test_what_is_deleted_takes_no_answer(service: Service) -> None:
    engagement_id = begun(service)
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    service.delete(engagement_id)

    with pytest.raises(Closed):
        service.answer(sheet.response_id, {ItemId("C1.1"): Answer(value=1)})


def test_tidying_erases_what_was_to_be_kept_no_longer(service: Service, clock: Clock) -> None:
    engagement = service.open_demo()
    service.change_privacy(engagement, {"erase_on": clock().date() + timedelta(days=2)})
    clock.now += timedelta(days=1)
    assert service.tidy() == 0
    clock.now += timedelta(days=1)
    assert service.tidy() == 1
    assert service.engagements() == []


def test_a_day_that_has_been_is_no_day_to_erase_on(service: Service, clock: Clock) -> None:
    engagement = service.open_demo()
    with pytest.raises(ValueError, match="ahead"):
        service.change_privacy(engagement, {"erase_on": clock().date()})
    assert service.retention(engagement).told.erase_on is None


def test_tidying_erases_what_has_been_deleted_for_longer_than_undo_lasts(service: Service, clock: Clock) -> None:
    kept, erased, recent = (begun(service, organisation=name) for name in ("Kept", "Erased", "Recent"))
    service.delete(erased)
    clock.now += timedelta(days=UNDO_DAYS)
    service.delete(recent)
    assert service.tidy() == 0  # the last day still counts

    clock.now += timedelta(seconds=1)

    assert service.tidy() == 1
    assert {o.engagement.id for o in service.engagements()} == {kept, recent}
    with pytest.raises(NotFound):
        service.restore(erased)


def test_the_list_shows_the_last_changed_first_and_the_deleted_last(service: Service, clock: Clock) -> None:
    first, second, third = (begun(service, organisation=name) for name in ("First", "Second", "Third"))
    clock.now += timedelta(days=1)
    service.set_criterion(first, "C1", weight=2, target=4.0)
    service.delete(third)

    overviews = service.engagements()

    assert [o.engagement.id for o in overviews] == [first, second, third]
    assert [o.changed_on for o in overviews] == [clock.now.date(), START.date(), clock.now.date()]


def test_progress_counts_what_is_shown_and_answered(service: Service) -> None:
    engagement_id = begun(service, role="TM", view="role")
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(i.id): Answer(value=3) for i in sheet.items[:7]})
    (overview,) = service.engagements()
    assert (overview.answered, overview.total, overview.finished) == (7, 8, False)

    service.answer(sheet.response_id, {ItemId(sheet.items[7].id): Answer(value="NA")})

    (overview,) = service.engagements()
    assert (overview.answered, overview.finished) == (8, True)


# ---------------------------------------------------------------- targets and weights


def test_targets_say_whether_the_result_was_known(service: Service, clock: Clock) -> None:
    engagement_id = answered(service)
    service.set_criterion(engagement_id, "C1", weight=2, target=3.5)
    service.results_were_seen(engagement_id)
    clock.now += timedelta(days=1)
    service.results_were_seen(engagement_id)
    service.set_criterion(engagement_id, "C2", weight=3, target=4.5)

    settings = service.criterion_settings(engagement_id)

    assert {c: s.set_after_results for c, s in settings.items()} == {"C1": False, "C2": True}
    assert service.engagement(engagement_id).results_seen_at == START
    scored = service.results(engagement_id).score
    assert (scored.criterion("C1").target, scored.criterion("C2").weight) == (3.5, 3)


def test_the_last_weight_cannot_be_taken_away(service: Service) -> None:
    engagement_id = begun(service)
    for n in range(1, 7):
        service.set_criterion(engagement_id, f"C{n}", weight=0, target=4.0)

    with pytest.raises(ValueError, match="at least one criterion"):
        service.set_criterion(engagement_id, "C7", weight=0, target=4.0)

    assert "C7" not in service.criterion_settings(engagement_id)


def test_settings_can_be_reset_and_brought_back(service: Service) -> None:
    engagement_id = begun(service)
    service.set_criterion(engagement_id, "C5", weight=3, target=4.5)
    before = service.criterion_settings(engagement_id)

    service.replace_criterion_settings(engagement_id, {})
    assert service.criterion_settings(engagement_id) == {}

    service.replace_criterion_settings(engagement_id, before)
    assert service.criterion_settings(engagement_id) == {
        "C5": CriterionSetting(criterion_id="C5", weight=3, target=4.5)
    }


def test_targets_and_weights_never_steer_the_strategy(service: Service) -> None:
    engagement_id = answered(service, 2, {"C5.4": 1})
    before = service.advice(engagement_id)
    service.set_criterion(engagement_id, "C2", weight=3, target=5.0)

    assert service.advice(engagement_id) == before


# ---------------------------------------------------------------- mandate and readiness


def test_what_nobody_has_said_about_the_mandate_excludes_nothing(service: Service) -> None:
    engagement_id = answered(service, 2)
    service.save_mandate(engagement_id, {"budget_nok": 100_000.0})

    advice = service.advice(engagement_id)

    assert advice is not None
    assert [s.excluded for s in advice.recommendation.strategies if s.excluded] == []
    assert advice.mandate_unknown == ("scope", "processes_in_scope", "horizon_months", "owner")


def test_a_narrow_mandate_excludes_and_says_so(service: Service) -> None:
    engagement_id = answered(service, 2)
    service.save_mandate(engagement_id, {"scope": "named", "owner": "SL", "processes_in_scope": 1})

    advice = service.advice(engagement_id)

    assert advice is not None
    excluded = {s.id for s in advice.recommendation.strategies if s.excluded}
    assert {"S2", "S4", "S6"} <= excluded
    assert advice.mandate_unknown == ("horizon_months",)


def test_what_the_mandate_said_before_stays_until_it_is_said_anew(service: Service, clock: Clock) -> None:
    engagement_id = begun(service)
    service.save_mandate(engagement_id, {"scope": "company", "departments": ("Leveranse",)})
    clock.now += timedelta(days=1)
    mandate = service.save_mandate(engagement_id, {"horizon_months": 9, "reason": "Det tar lengre tid"})

    assert (mandate.scope, mandate.departments, mandate.horizon_months) == ("company", ("Leveranse",), 9)
    assert (mandate.version, mandate.created_at) == (2, clock.now)
    assert service.save_mandate(engagement_id, {"horizon_months": 9}).version == 2  # nothing new was said


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ({}, True),
        ({"system": None, "model": None, "organisation": None, "process": False}, True),
        ({"system": False}, False),
        ({"system": False, "model": False, "organisation": False, "process": True}, False),
        ({"organisation": True}, True),
        ({"system": False, "model": True, "organisation": False}, True),
    ],
)
def test_challenging_means_systems_models_or_the_organisation(
    service: Service, said: dict[str, bool | None], may: bool
) -> None:
    mandate = service.save_mandate(begun(service), {f"may_change_{what}": value for what, value in said.items()})

    decided = decided_mandate(mandate)

    assert decided is not None
    assert decided.may_challenge is may


def test_readiness_reaches_the_advice_and_unknown_stays_unknown(service: Service) -> None:
    engagement_id = answered(service, 2)
    service.answer_readiness(engagement_id, ReadinessAnswer(item_id=ItemId("P1"), value=2, evidence="E1"))
    service.answer_readiness(engagement_id, ReadinessAnswer(item_id=ItemId("P2"), value="DK"))

    advice = service.advice(engagement_id)

    assert advice is not None
    assert advice.readiness == {"P1": 2.0, **dict.fromkeys([f"P{n}" for n in range(2, 8)])}


# ---------------------------------------------------------------- the example


def whole_demo(service: Service, store: SqliteStore) -> None:
    """The example has everything, once: waves, respondents, settings, readiness and the mandate."""
    demo = service.open_demo()
    (overview,) = service.engagements()
    assert (overview.engagement.id, overview.engagement.fictional) == ("demo", True)
    waves = store.waves(demo)
    assert {w.id: len(store.responses(w.id)) for w in waves} == WAVES
    assert all(w.closed_at is not None for w in waves)
    assert len(service.criterion_settings(demo)) == 7
    assert len(service.readiness(demo)) == 7
    mandate = service.mandate(demo)
    assert mandate is not None
    assert (mandate.scope, mandate.version) == ("sales_plus", 2)
    assert service.advice(demo) is not None
    assert (len(store.processes(demo)), len(store.waste_rows(demo)), len(store.goals(demo))) == (20, 4, 3)


def test_the_example_opened_twice_is_one(service: Service, store: SqliteStore) -> None:
    service.open_demo()
    revision = store.revision(EngagementId("demo"))

    whole_demo(service, store)

    assert store.revision(EngagementId("demo")) == revision


def test_the_example_has_no_sheet_and_every_wave_a_result(service: Service) -> None:
    demo = service.open_demo()

    assert service.sheet(demo) is None
    scores = [service.results(demo, wave).score.overall.score for wave in WAVES]
    assert None not in scores
    assert service.results(demo).wave.id == "demo-T3"
    assert service.results(demo).own is None


def test_a_deleted_example_comes_back_when_it_is_opened(service: Service, store: SqliteStore) -> None:
    service.delete(service.open_demo())

    whole_demo(service, store)


def test_an_erased_example_is_made_anew(service: Service, store: SqliteStore, clock: Clock) -> None:
    service.delete(service.open_demo())
    clock.now += timedelta(days=UNDO_DAYS, seconds=1)
    assert service.tidy() == 1

    whole_demo(service, store)


def _open_demo(path: Path, gate: Barrier) -> None:
    gate.wait()
    Service(SqliteStore(path)).open_demo()


def test_two_processes_that_open_the_example_at_once_make_one(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    for attempt in range(3):
        path, gate = tmp_path / f"{attempt}.db", fork.Barrier(2, timeout=30)
        workers = [fork.Process(target=_open_demo, args=(path, gate)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        store = SqliteStore(path)
        assert [worker.exitcode for worker in workers] == [0, 0]
        whole_demo(Service(store), store)


class Failing(SqliteStore):
    """The real store on a disk that gives out: after some writes every further one is refused."""

    def __init__(self, path: Path, writes: int) -> None:
        super().__init__(path)
        self.left = writes

    def _writing(self) -> Any:
        if self.left == 0:
            raise Busy(self.path)
        self.left -= 1
        return super()._writing()


@pytest.mark.parametrize("writes", range(16))
def test_an_example_that_broke_off_half_way_is_whole_the_next_time(tmp_path: Path, writes: int) -> None:
    path = tmp_path / "demo.db"
    with pytest.raises(Busy):
        Service(Failing(path, writes)).open_demo()

    store = SqliteStore(path)

    whole_demo(Service(store), store)


def test_a_pulse_whose_full_set_broke_off_half_way_still_continues(tmp_path: Path) -> None:
    path = tmp_path / "pulse.db"
    engagement_id = answered(Service(SqliteStore(path)), 3, pack_id="pulse")
    with pytest.raises(Busy):
        Service(Failing(path, 1)).continue_with_full_set(engagement_id)

    service = Service(SqliteStore(path))
    halfway = service.sheet(engagement_id)
    assert halfway is not None
    assert halfway.pack.id == "pulse"

    service.continue_with_full_set(engagement_id)
    service.continue_with_full_set(engagement_id)

    sheet = service.sheet(engagement_id)
    assert sheet is not None
    assert (sheet.pack.id, sheet.total) == ("full", 33)


# ---------------------------------------------------------------- what is not there


@pytest.mark.parametrize("wave", ["demo-T9", "", "demo-T0"])
def test_a_wave_of_another_assessment_is_not_found(service: Service, wave: str) -> None:
    service.open_demo()
    engagement_id = answered(service)
    asked: Callable[[], object] = lambda: service.results(engagement_id, wave)  # noqa: E731

    if wave:
        with pytest.raises(NotFound):
            asked()
    else:
        assert asked() == service.results(engagement_id)


def test_what_does_not_exist_is_not_found(service: Service) -> None:
    nowhere = EngagementId("nowhere")

    for look in (service.engagement, service.sheet, service.results, service.advice, service.mandate, service.delete):
        with pytest.raises(NotFound):
            look(nowhere)
    for look in (service.criterion_settings, service.readiness, service.restore, service.results_were_seen):
        with pytest.raises(NotFound):
            look(nowhere)
