"""The server: Streamlit pages in one ASGI application. `uvicorn app:app`, or `streamlit run app.py`."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware

from assessment import invitations, logs
from assessment.access import AccessMiddleware, FrontMiddleware, Limit, health, who
from assessment.access import routes as door
from assessment.links import server_secret
from assessment.respond import RoomSurface, Surface
from assessment.respondents import Respondents
from assessment.settings import SettingsError, settings
from assessment.store.opening import shared_tries
from assessment.workshop.phones import Phones
from pages.ui.provider import oidc

TIDY_S = 6 * 3600.0  # an assessment whose day has come is gone before the morning


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Prepare the database and what the front page needs, while the first browser fetches the front end."""
    # beside the server and not before it: every second of imports here is a second until the first page is painted
    Thread(target=_prepare, name="prepare", daemon=True).start()
    tidying = asyncio.create_task(_tidy_again())
    yield
    tidying.cancel()


async def _tidy_again() -> None:
    """Erase what is due, as at the start, for as long as the server runs."""
    while True:
        await asyncio.sleep(TIDY_S)
        await asyncio.to_thread(_tidy)


def _tidy() -> None:
    from assessment.service import Service
    from assessment.store.opening import configured
    from assessment.store.protocol import StoreError

    try:
        Service(configured()).tidy()
    except StoreError as error:  # every page says it too, in the reader's words
        logging.getLogger("salgsflyt").error("the database cannot be used: %s", error)


def _prepare() -> None:
    _tidy()
    import pages.start  # noqa: F401  the front page; the others follow once it is drawn (pages/ui/warm.py)


def _begin() -> None:
    """Read the settings and open the log, or end the process with a sentence for each reason that it cannot serve."""
    from assessment.store.upgrades import newer_than_program
    from assessment.texts import texts

    try:
        chosen = settings()
        logs.set_up(chosen.log)
    except SettingsError as error:
        sys.exit("\n".join(error.problems))
    if chosen.database_url is None and newer_than_program(chosen.database):
        sys.exit(texts("en")("error.store.newer_database", path=chosen.database))


def _not_ready() -> str | None:
    from assessment.store.opening import configured_not_ready

    return configured_not_ready()


def respondents() -> Respondents:
    """What the respondents' pages do, on the installation's database."""
    from assessment.store.opening import configured

    return Respondents(configured(), server_secret(settings().database, settings().secret))


def phones() -> Phones:
    """What the phones of a workshop room do, on the installation's database."""
    from assessment.store.opening import configured

    return Phones(configured(), server_secret(settings().database, settings().secret))


# wrong codes a minute: a whole room comes from one address, and there are 244 million codes
_GUESSES = Limit(each=30, everybody=300, what="room", shared=shared_tries)

_begin()

app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[*door(), *health(_not_ready), *invitations.routes()],
    # in this order: whoever is let in meets the respondents' pages, and then Streamlit
    middleware=[
        Middleware(FrontMiddleware),
        Middleware(AccessMiddleware, oidc=oidc),
        Middleware(Surface, respondents=respondents),
        Middleware(RoomSurface, phones=phones, guesses=_GUESSES, who=who),
    ],
)
