"""Pages run as a reader meets them: the whole shell, on a database of the test's own."""

import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import pages
from assessment.access import access
from assessment.config import SCORING_VERSION
from assessment.engagement import Answer, Engagement, EngagementId, ItemId, Response, Wave
from assessment.packs import builtin
from assessment.service import Beginning, Service
from assessment.settings import settings
from assessment.store import SqliteStore
from pages.ui import session

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"

Level = int | str
OpenApp = Callable[..., AppTest]
MakeSolo = Callable[..., EngagementId]
MakeGroup = Callable[..., EngagementId]
Levels = int | None | dict[str, int]
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _one_scan() -> Iterator[None]:
    """Look through the installed packages for components once: AppTest does at every run, and it outlasts the page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    """Import what the product imports beside the first page: AppTest parses the script anew at every run, and Python
    3.11 refuses a parse that another thread has begun one beside.
    """
    for found in pkgutil.iter_modules(pages.__path__):
        import_module(f"pages.{found.name}")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh database, with everything that remembers another one forgotten, before and after."""
    file = tmp_path / "pages.db"
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))
    _forget()
    yield file
    _forget()


def _forget() -> None:
    settings.cache_clear()
    session.installation.cache_clear()
    access.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def service() -> Service:
    """The use cases on the test's database, as the pages have them."""
    return session.service()


@pytest.fixture
def app() -> OpenApp:
    """Open a page at its address: `app("maturity", engagement_id, lang="en", p="C5")` is the page after one run."""

    def open_page(page: str = "start", engagement: str | None = None, lang: str = "nb", **query: str) -> AppTest:
        test = AppTest.from_file(SHELL, default_timeout=30)
        for key, value in {"e": engagement, "lang": lang, **query}.items():
            if value is not None:
                test.query_params[key] = value
        # AppTest.switch_page knows pages in files only; a browser sends this hash when it opens a page of a callable
        test._page_hash = calc_hash("" if page == "start" else page)
        return test.run()

    return open_page


@pytest.fixture
def solo(service: Service) -> MakeSolo:
    """Begin a solo assessment: answers "none", "half" (every second question) or "all", each `value`.

    levels: answers that differ, by item id; None leaves the item unanswered.
    """

    def make(answers: str = "all", *, pack: str = "full", value: Level = 2, **levels: Level | None) -> EngagementId:
        beginning = Beginning(
            organisation="Fjordvik & <Sønn>", role="SL", training_planned="yes", pack_id=pack, view="all"
        )
        engagement_id = service.begin(beginning, "nb")
        sheet = service.sheet(engagement_id)
        assert sheet is not None
        step = {"none": 0, "half": 2, "all": 1}[answers]
        given: dict[str, Level | None] = {i.id: value for i in sheet.items[::step]} if step else {}
        given |= {item.replace("_", "."): level for item, level in levels.items()}
        chosen = {ItemId(i): Answer.model_validate({"value": v}) for i, v in given.items() if v is not None}
        if chosen:
            service.answer(sheet.response_id, chosen)
        return engagement_id

    return make


@pytest.fixture
def group(service: Service) -> MakeGroup:
    """Gather answers from many, a measurement for each count of people by role: `group({"S": 8, "SL": 2}, {"S": 9})`.

    value: of every answer in each measurement, or by role; None gives each person other answers, the same ones in
    every measurement.
    careless: how many of each role, in every measurement, answer 5 to everything; fast: how many of those so fast that
    they are left out.
    closed: which of them are. first_hash: of the questionnaire the first was opened with.
    """

    def make(
        *measurements: dict[str, int],
        value: tuple[Levels, ...] = (3, 3, 3),
        closed: tuple[bool, ...] = (True, True, True),
        careless: dict[str, int] | None = None,
        fast: int = 0,
        first_hash: str | None = None,
    ) -> EngagementId:
        pack, store = builtin("full"), SqliteStore(settings().database)
        engagement = Engagement.model_validate(
            {"id": "many", "name": "Fjordvik & <Sønn>", "language": "nb", "mode": "anonymous", "created_at": MONDAY}
        )
        for number, people in enumerate(measurements, start=1):
            wave = Wave.model_validate(
                {
                    "id": f"many-{number}",
                    "engagement_id": "many",
                    "label": ("T0", "T2", "T3")[number - 1],
                    "position": number,
                    "opened_at": MONDAY + timedelta(days=90 * number),
                    "pack_id": pack.id,
                    "pack_version": pack.version,
                    "pack_hash": first_hash if first_hash and number == 1 else pack.hash,
                    "scoring_version": SCORING_VERSION,
                }
            )
            if number == 1:
                store.create_engagement(engagement, wave)
            else:
                store.add_wave(wave)
            store.add_responses(wave.id, _responses(wave, people, value[number - 1], careless or {}, fast))
            if closed[number - 1]:
                store.close_wave(wave.id, wave.opened_at + timedelta(days=14))
        return engagement.id

    return make


def _responses(
    wave: Wave, people: dict[str, int], value: Levels, careless: dict[str, int], fast: int
) -> list[Response]:
    roles = [role for role, count in people.items() for _ in range(count)]
    hasty = {id_ for role, count in careless.items() for id_ in [n for n, r in enumerate(roles) if r == role][:count]}
    too_fast = set(sorted(hasty)[:fast])
    levels = value if isinstance(value, dict) else dict.fromkeys(roles, value)
    drawn = Random(1)
    return [
        Response.model_validate(
            {
                "id": f"{wave.id}-{number}",
                "wave_id": wave.id,
                "role": role,
                "answers": {
                    i: {"value": 5 if number in hasty else levels[role] or drawn.randint(1, 5)}
                    for i in sorted(builtin("full").shown_to(role))
                },
                "page_seconds": dict.fromkeys(("C1", "C2", "C3"), 5) if number in too_fast else {},
            }
        )
        for number, role in enumerate(roles)
    ]


def words(test: AppTest) -> str:
    """What the page says, in the order of the page within each kind: headings, then our own markup."""
    assert not test.exception, test.exception
    kinds = ("title", "header", "subheader", "html", "warning", "error")
    return "\n".join(element.value for kind in kinds for element in test.main.get(kind))


def buttons(test: AppTest) -> list[str]:
    """The labels of the page's buttons, in order."""
    return [button.label for button in test.main.get("button")]


def press(test: AppTest, label: str) -> AppTest:
    """Press the button with this label and give the page that follows."""
    return next(b for b in test.main.get("button") if b.label == label).click().run()
