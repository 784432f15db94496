"""A survey and the respondents' pages on it, in this process."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from assessment.respond import RoomSurface, Surface
from assessment.respond.http import Receive, Scope, Send
from assessment.respondents import Respondents
from tests.looping import run
from tests.respond.invited import Survey


async def nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands behind the respondents' pages here: an address it does not know."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"behind"})


def surface_of(survey: Survey) -> Surface:
    """The pages on the survey's database."""
    return Surface(nothing_else, lambda: Respondents(survey.store, survey.secret))


class Phone:
    """A browser of its own, with its own cookies; replies that go on elsewhere are not followed."""

    def __init__(self, surface: Surface | RoomSurface) -> None:
        transport = httpx.ASGITransport(surface)  # type: ignore[arg-type]  # httpx writes its own words for ASGI
        self._client = httpx.AsyncClient(transport=transport, base_url="https://salgsflyt.test")

    @property
    def cookies(self) -> httpx.Cookies:
        """What it keeps."""
        return self._client.cookies

    def send(self, method: str, path: str, **more: object) -> httpx.Response:
        """The reply to any request."""
        return run(self._client.request(method, path, **more))  # type: ignore[arg-type]

    def get(self, path: str, **more: object) -> httpx.Response:
        """The reply to a link that is followed."""
        return self.send("GET", path, **more)

    def post(self, path: str, **more: object) -> httpx.Response:
        """The reply to a form that is sent."""
        return self.send("POST", path, **more)


NewPhone = Callable[[], Phone]


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """An open survey with the full set."""
    return Survey(tmp_path / "salgsflyt.db")


@pytest.fixture
def new_phone(survey: Survey) -> NewPhone:
    """Hand somebody a phone; all of them reach the same server."""
    surface = surface_of(survey)
    return lambda: Phone(surface)


@pytest.fixture
def phone(new_phone: NewPhone) -> Phone:
    """Somebody's phone."""
    return new_phone()
