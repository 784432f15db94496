"""The use cases of processes: the catalogue made one's own, judged blind, and what the disagreement comes to."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state.classification import CLASSES, ProcessClass
from assessment.engagement import EngagementId, Process, ProcessId, Side
from assessment.mapping import process_catalogue
from assessment.mapping.owners import may_be_a_person
from assessment.mapping.processes import class_of, missing, process_list
from assessment.packs import LANGUAGES, Language
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import AlreadyThere, Gone

BOTH: tuple[Side, Side] = ("consultant", "client")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "processes.db"))


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")


def having(service: Service, engagement: EngagementId, *codes: str) -> list[ProcessId]:
    """The ids of these processes of the catalogue, added in this order."""
    service.add_catalogue_processes(engagement, codes)
    found = {p.code: p.id for p in service.processes(engagement).processes}
    return [found[code] for code in codes]


# ---------------------------------------------------------------- the catalogue


def test_the_catalogue_is_that_of_the_method() -> None:
    found = process_catalogue.catalogue()
    usual = [entry.usual_class for entry in found.values()]

    assert len(found) == 28
    assert [usual.count(c) for c in CLASSES] == [12, 7, 9]
    assert sum(entry.disputed for entry in found.values()) == 9
    for language in LANGUAGES:
        assert list(process_catalogue.words(language)) == list(found)
    assert process_catalogue.words("nb")["handover"].name == "Overlevering til leveranse"
    assert process_catalogue.words("en")["handover"].name == "Handover to delivery"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_catalogue_reads_like_something_else_than_a_process(language: Language) -> None:
    names = [words.name for words in process_catalogue.words(language).values()]

    assert {name: kind for name in names if (kind := process_catalogue.not_a_process(name))} == {}
    assert len(set(names)) == 28


@pytest.mark.parametrize(
    ("called", "kind"),
    [
        ("selger", "position"),
        ("Salgssjefen", "position"),
        ("Selger i nord", "position"),
        ("Salgsleder Oslo", "position"),
        ("Key account manager", "position"),
        ("Head of sales", "position"),
        ("CRM-prosjektet", "project"),
        ("Prosjekt Nord", "project"),
        ("The new website project", "project"),
        ("SuperOffice", "system"),
        ("CRM", "system"),
        ("CRM-systemet (nytt)", "system"),
        ("Veiledning av selgere", None),
        ("Seller coaching", None),
        ("Oppdatering av CRM-systemet", None),
        ("Møte med prosjektleder", None),
        ("Salg", None),
        ("", None),
        ("12", None),
        ("og selger", None),
    ],
)
def test_a_name_is_told_by_what_is_done(called: str, kind: str | None) -> None:
    assert process_catalogue.not_a_process(called) == kind


@given(st.text(max_size=60))
def test_any_name_can_be_looked_at(called: str) -> None:
    assert process_catalogue.not_a_process(called) in (None, "position", "project", "system")
    assert may_be_a_person(called) in (True, False)


@pytest.mark.parametrize(
    ("owner", "person"),
    [
        ("Kari Nordmann", True),
        ("Ola M. Hansen", True),
        ("Anne-Lise Dahl", True),
        ("Salgsstøtte", False),
        ("Teknisk avdeling", False),
        ("Sales Support", False),
        ("Key Account Management", False),
        ("IT", False),
        ("", False),
    ],
)
def test_an_owner_that_reads_like_a_person_is_noticed(owner: str, person: bool) -> None:
    assert may_be_a_person(owner) is person


# ---------------------------------------------------------------- the list


def test_the_list_follows_the_catalogue_and_then_ones_own(service: Service, engagement: EngagementId) -> None:
    own = service.add_own_process(engagement, " Befaring ", "nb")
    having(service, engagement, "reporting", "quoting")

    found = service.processes(engagement)

    assert [p.code for p in found.processes] == ["quoting", "reporting", None]
    assert found.find(own) is found.processes[-1]
    assert [process_catalogue.name(p, "nb") for p in found.processes] == ["Tilbudsarbeid", "Rapportering", "Befaring"]
    assert [process_catalogue.name(p, "en") for p in found.processes] == ["Quoting", "Reporting", "Befaring"]


def test_nothing_is_in_the_list_twice(service: Service, engagement: EngagementId) -> None:
    having(service, engagement, "quoting")

    with pytest.raises(AlreadyThere):
        service.add_catalogue_processes(engagement, ("reporting", "quoting"))
    with pytest.raises(AlreadyThere):
        service.add_own_process(engagement, " tilbudsARBEID", "nb")
    with pytest.raises(KeyError):
        service.add_catalogue_processes(engagement, ("no_such_process",))
    with pytest.raises(ValueError):
        service.add_own_process(engagement, "  ", "nb")

    assert len(service.processes(engagement).processes) == 1


def test_a_name_is_given_in_the_readers_language_and_taken_back(service: Service, engagement: EngagementId) -> None:
    quoting, reporting = having(service, engagement, "quoting", "reporting")

    def names() -> list[str]:
        process = service.processes(engagement).find(quoting)
        assert process is not None
        return [process_catalogue.name(process, language) for language in LANGUAGES]

    service.rename_process(engagement, quoting, " Kalkyle ", "nb")
    assert names() == ["Kalkyle", "Kalkyle"]
    service.rename_process(engagement, quoting, "Costing", "en")
    assert names() == ["Kalkyle", "Costing"]
    with pytest.raises(AlreadyThere):
        service.rename_process(engagement, reporting, "kalkyle", "nb")
    service.rename_process(engagement, quoting, "", "en")
    service.rename_process(engagement, quoting, "Tilbudsarbeid", "nb")
    assert names() == ["Tilbudsarbeid", "Quoting"]


def test_what_the_catalogue_says_stands_until_somebody_says_otherwise(
    service: Service, engagement: EngagementId
) -> None:
    (quoting,) = having(service, engagement, "quoting")
    usual = process_catalogue.words("nb")["quoting"]

    def kept() -> str | None:
        process = service.processes(engagement).find(quoting)
        assert process is not None
        return process.starts_with

    service.describe_process(engagement, quoting, {"starts_with": " Løsningen er priset "})
    assert kept() == "Løsningen er priset"
    for same in (usual.starts_with, process_catalogue.words("en")["quoting"].starts_with, "  "):
        service.describe_process(engagement, quoting, {"starts_with": same})
        assert kept() is None


def test_a_process_tells_what_is_missing(service: Service, engagement: EngagementId) -> None:
    (quoting,) = having(service, engagement, "quoting")
    own = service.add_own_process(engagement, "Befaring", "nb")
    service.describe_process(engagement, quoting, {"frequency": "daily"})
    service.describe_process(engagement, own, {"starts_with": "a", "output": "b"})

    lacks = [missing(p) for p in service.processes(engagement).processes]

    assert lacks == [(), ("ends_with", "input", "frequency")]


@pytest.mark.parametrize(
    "given_", [{"name_nb": "x"}, {"class_agreed": "core"}, {"class_client": "core"}, {"code": "reporting"}, {"pain": 9}]
)
def test_a_description_is_not_a_way_round(
    service: Service, engagement: EngagementId, given_: dict[str, object]
) -> None:
    (quoting,) = having(service, engagement, "quoting")
    with pytest.raises(ValueError):
        service.describe_process(engagement, quoting, given_)


def test_what_is_removed_comes_back_as_it_was(service: Service, engagement: EngagementId) -> None:
    (quoting,) = having(service, engagement, "quoting")
    service.describe_process(engagement, quoting, {"hours_month": 40, "owner": "Salg"})
    before = service.processes(engagement)

    removed = service.remove_process(engagement, quoting)
    assert service.processes(engagement).processes == ()
    with pytest.raises(Gone):
        service.describe_process(engagement, quoting, {"pain": 1})
    service.restore_process(engagement, removed)

    assert service.processes(engagement) == before


# ---------------------------------------------------------------- two sides, blind to each other


def test_no_side_sees_the_other_before_they_are_compared(service: Service, engagement: EngagementId) -> None:
    quoting, reporting = having(service, engagement, "quoting", "reporting")
    service.judge_process(engagement, quoting, "consultant", "core")
    service.judge_process(engagement, reporting, "client", "management")

    found = service.processes(engagement)

    assert {(p.class_consultant, p.class_client) for p in found.processes} == {(None, None)}
    assert (found.waiting, found.judged, found.ready) == (2, {"consultant": 1, "client": 1}, 0)
    assert found.comparison is None
    assert dict(service.judgements(engagement, "consultant")) == {quoting: "core", reporting: None}
    assert dict(service.judgements(engagement, "client")) == {quoting: None, reporting: "management"}


def test_comparing_shows_what_both_have_judged_and_leaves_the_rest_blind(
    service: Service, engagement: EngagementId
) -> None:
    quoting, reporting = having(service, engagement, "quoting", "reporting")
    service.judge_process(engagement, quoting, "consultant", "core")
    service.judge_process(engagement, quoting, "client", "support")
    service.judge_process(engagement, reporting, "client", "core")

    service.compare_classes(engagement)

    found = service.processes(engagement)
    assert [(p.class_consultant, p.class_client) for p in found.processes] == [("core", "support"), (None, None)]
    assert (found.shown, found.waiting, found.ready) == (1, 1, 0)
    assert [d.process.id for d in found.disagreements] == [quoting]
    for side in BOTH:
        assert list(service.judgements(engagement, side)) == [reporting]
        with pytest.raises(Gone):
            service.judge_process(engagement, quoting, side, "management")


def test_a_class_is_agreed_on_with_a_reason_and_only_afterwards(service: Service, engagement: EngagementId) -> None:
    (quoting,) = having(service, engagement, "quoting")
    with pytest.raises(Gone):
        service.agree_on_class(engagement, quoting, {"class_agreed": "core"})
    service.judge_process(engagement, quoting, "consultant", "core")
    service.judge_process(engagement, quoting, "client", "support")
    service.compare_classes(engagement)
    assert class_of(service.processes(engagement).processes[0]) is None

    service.agree_on_class(engagement, quoting, {"class_agreed": "core", "class_reason": " Kunden merker det "})
    service.agree_on_class(engagement, quoting, {"class_decided_by": "Salgsledelsen"})
    with pytest.raises(ValueError):
        service.agree_on_class(engagement, quoting, {"class_client": "core"})

    (process,) = service.processes(engagement).processes
    assert (process.class_agreed, process.class_reason) == ("core", "Kunden merker det")
    assert (process.class_decided_by, class_of(process), process.class_client) == ("Salgsledelsen", "core", "support")


def test_the_example_is_the_methods_worked_comparison(service: Service) -> None:
    found = service.processes(service.open_demo())

    assert found.comparison is not None
    assert found.comparison.agreement == 0.75
    assert found.comparison.kappa == pytest.approx(0.62, abs=0.005)
    assert (found.comparison.core_share_consultant, found.comparison.core_share_client) == (0.35, 0.525)
    assert (found.hours_month, found.disputed_h, found.waiting) == (2000, 500, 0)
    assert [d.process.code for d in found.disagreements][:2] == ["inbound_call_centre", "order_entry"]
    assert all(missing(p) == () and not may_be_a_person(p.owner or "") for p in found.processes)


JUDGED = st.none() | st.sampled_from(CLASSES)


@given(st.lists(st.tuples(JUDGED, JUDGED, st.booleans(), st.none() | st.floats(0, 1000)), max_size=12))
def test_nothing_judged_is_seen_that_has_not_been_shown(
    told: list[tuple[ProcessClass | None, ProcessClass | None, bool, float | None]],
) -> None:
    processes = [
        Process.model_validate(
            {"id": f"p{i}", "name_nb": f"P{i}", "class_consultant": one, "class_client": other, "hours_month": hours}
            | ({"classes_shown_at": "2026-02-02T00:00:00Z"} if shown and one and other else {})
        )
        for i, (one, other, shown, hours) in enumerate(told)
    ]

    found = process_list(processes)

    for seen, process in zip(found.processes, processes, strict=True):
        if process.classes_shown_at is None:
            assert (seen.class_consultant, seen.class_client) == (None, None)
        else:
            assert seen == process
    hours = [d.process.hours_month or 0 for d in found.disagreements]
    assert hours == sorted(hours, reverse=True)
    assert found.disputed_h <= found.hours_month
    assert (found.comparison is None) == (found.shown == 0)
