"""Pages run as a reader meets them: the whole shell, on a database of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from assessment.engagement import Answer, EngagementId, ItemId
from assessment.service import Beginning, Service
from assessment.settings import settings
from pages.ui import session

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"

Level = int | str
OpenApp = Callable[..., AppTest]
MakeSolo = Callable[..., EngagementId]


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
    session.service.cache_clear()
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
