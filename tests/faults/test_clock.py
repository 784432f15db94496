"""The clock is set back while somebody answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from assessment.respond import Surface
from assessment.respondents import Respondents, response_of
from tests.looping import run
from tests.respond.conftest import nothing_else
from tests.respond.invited import Survey

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_answers_go_on_when_the_clock_is_set_back(tmp_path: Path) -> None:
    clock, survey = Clock(), Survey(tmp_path / "salgsflyt.db")
    surface = Surface(nothing_else, lambda: Respondents(survey.store, survey.secret, clock))
    transport = httpx.ASGITransport(surface)  # type: ignore[arg-type]  # httpx writes its own words for ASGI
    phone = httpx.AsyncClient(transport=transport, base_url="https://salgsflyt.test")
    root, item = f"/s/{survey.link(expires_at=NOW + timedelta(days=1))}", survey.pack.items[0].id

    async def answered() -> list[int]:
        await phone.get(root)
        seen = [(await phone.post(root, data={"role": "S"})).status_code]
        shown = str(int(NOW.timestamp()))
        for value in ("2", "4"):
            seen.append((await phone.post(f"{root}/save", json={"item": item, "value": value})).status_code)
            clock.now -= timedelta(hours=5)
        seen.append((await phone.post(f"{root}/1", data={"shown": shown})).status_code)
        return seen

    assert run(answered()) == [303, 200, 200, 303]
    key = next(value for name, value in phone.cookies.items() if name.startswith("sf_r_"))
    kept = next(r for r in survey.store.responses(survey.wave) if r.id == response_of(key))
    assert kept.answers[item].value == 4  # the last choice stands, whatever the time of it
