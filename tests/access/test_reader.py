"""What the pages show to whom: a reader's own engagements, the pages of their link, and the way out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from assessment.access import access
from assessment.actor import Actor
from assessment.engagement import Answer, EngagementId, ItemId, Link, LinkId
from assessment.service import Beginning, GroupBeginning, Service
from pages.ui import session
from tests.pages.conftest import SHELL, buttons, words

Open = Callable[..., AppTest]
BEGINNING = Beginning(organisation="Fjordvik", role="SL", training_planned="no")


@pytest.fixture(autouse=True)
def fresh(database: Path) -> Iterator[None]:
    """Nothing remembered of another installation."""
    forgets = (session.installation.cache_clear, session.oidc.cache_clear, st.cache_resource.clear)
    for forget in forgets:
        forget()
    yield
    for forget in forgets:
        forget()


@pytest.fixture
def service() -> Service:
    """The use cases without a door."""
    return session.installation()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page as somebody."""

    def open_page(reader: Actor | None, page: str = "start", **query: str) -> AppTest:
        monkeypatch.setattr(session, "actor", lambda: reader)
        test = AppTest.from_file(SHELL, default_timeout=30)
        for name, value in ({"lang": "nb"} | query).items():
            test.query_params[name] = value
        test._page_hash = calc_hash("" if page == "start" else page)
        return test.run()

    return open_page


def answered(service: Service, owner: Actor) -> EngagementId:
    """An owner's engagement with every answer given."""
    mine = service.for_actor(owner)
    engagement = mine.begin(BEGINNING, "nb")
    sheet = mine.sheet(engagement)
    assert sheet is not None
    mine.answer(sheet.response_id, {ItemId(i.id): Answer(value=2) for i in sheet.items})
    return engagement


def holder(service: Service, engagement: EngagementId, scope: str) -> Actor:
    """Somebody who has come by a link."""
    now = service._clock()
    link = Link.model_validate(
        {
            "id": scope,
            "engagement_id": engagement,
            "purpose": scope,
            "token_hash": f"{len(scope):064x}",
            "created_at": now,
        }
    )
    service._store.add_links([link])
    return Actor("link", engagement=engagement, scope=scope, link=LinkId(scope))  # type: ignore[arg-type]


OWNER = Actor("oidc", "owner@a.no")


def menu(test: AppTest) -> set[str]:
    """The addresses of the reader's pages."""
    return set(test.session_state["pages"])


def test_nobody_known_sees_the_way_in_and_nothing_else(page: Open, service: Service) -> None:
    engagement = answered(service, OWNER)
    for address in ("start", "maturity"):
        shown = page(None, address, e=engagement)
        assert "Logg inn" in words(shown)
        assert "Fjordvik" not in words(shown)
        assert "pages" not in shown.session_state


def test_a_reader_sees_their_own_list(page: Open, service: Service) -> None:
    answered(service, OWNER)

    assert "Fjordvik" in words(page(OWNER))
    assert "Fjordvik" not in words(page(Actor("oidc", "other@b.no")))


def test_another_readers_engagement_is_not_there_on_any_page(page: Open, service: Service) -> None:
    engagement = answered(service, OWNER)
    for address in ("answer", "mandate", "targets", "maturity", "items", "strategy", "actions"):
        shown = page(Actor("oidc", "other@b.no"), address, e=engagement)
        assert "Fjordvik" not in words(shown)
        assert "Vi finner ikke denne vurderingen" in words(shown)


def test_a_results_link_opens_results_of_one_engagement_and_no_other_page(page: Open, service: Service) -> None:
    engagement, other = answered(service, OWNER), answered(service, OWNER)
    reader = holder(service, engagement, "results")

    shown = page(reader, "maturity", e=other)

    assert shown.query_params["e"] in (engagement, [engagement])  # whatever the address says
    assert menu(shown) >= {"maturity", "items", "strategy", "actions", "method"}
    assert not menu(shown) & {"begin", "answer", "mandate", "targets", "participants"}
    assert "Fjordvik" in words(shown)
    assert not any("Slett" in label or "Begynn" in label for label in buttons(shown))


@pytest.mark.parametrize("address", ["participants", "answer", "begin"])
def test_an_address_that_is_not_theirs_leads_to_what_is(address: str, page: Open, service: Service) -> None:
    reader = holder(service, answered(service, OWNER), "results")

    shown = page(reader, address)

    assert "Modenhet" in words(shown)
    assert address not in menu(shown)


def test_the_front_page_of_a_link_is_its_result(page: Open, service: Service) -> None:
    reader = holder(service, answered(service, OWNER), "facilitate")

    shown = page(reader)

    assert "begin" not in menu(shown)
    assert "answer" in menu(shown)


def test_a_link_that_has_ended_says_so(page: Open, service: Service) -> None:
    engagement = answered(service, OWNER)
    reader = holder(service, engagement, "results")
    service._store.revoke_links([LinkId("results")], service._clock())

    shown = page(reader, "maturity")

    assert "trukket tilbake" in words(shown)
    assert "Fjordvik" not in words(shown)


def test_an_owner_lets_somebody_in_and_out_again(page: Open, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    group = GroupBeginning(organisation="Fjordvik", training_planned="no")
    engagement = service.for_actor(OWNER).begin_group(group, "nb")
    viewer = Actor("oidc", "ola@a.no")
    monkeypatch.setattr(session, "oidc", lambda: True)

    shown = page(OWNER, "participants", e=engagement)
    name = "Navnet de logger inn med, som regel e-post"
    next(t for t in shown.main.get("text_input") if t.label == name).set_value(" Ola@A.no ")
    next(r for r in shown.main.get("radio") if r.label == "Hva kan de gjøre?").set_value("viewer")
    shown = next(b for b in shown.main.get("button") if b.label == "Gi tilgang").click().run()
    assert service.members(engagement) == {"ola@a.no": "viewer"}
    assert "Fjordvik" in words(page(viewer))
    assert "participants" not in menu(page(viewer, "maturity", e=engagement))

    shown = page(OWNER, "participants", e=engagement)
    next(b for b in shown.main.get("button") if b.key == "remove_ola@a.no").click().run()
    assert service.members(engagement) == {}
    assert "Fjordvik" not in words(page(viewer))


def test_the_way_out_is_in_the_menu_of_who_has_signed_in(page: Open) -> None:
    assert '/sign-out?lang=nb"' in "".join(h.value for h in page(Actor("key")).sidebar.get("html"))
    assert "owner@a.no" in "".join(h.value for h in page(OWNER).sidebar.get("html"))
    assert "Logg ut" in [b.label for b in page(OWNER).sidebar.get("button")]
    assert not any("sign-out" in h.value for h in page(Actor("local")).sidebar.get("html"))


# ---------------------------------------------------------------- the organisation's own sign-in


def browsing(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """A tab of its own, which asks this host; outside a run Streamlit has one session for all that ask."""
    context = SimpleNamespace(headers={"host": host}, cookies=SimpleNamespace(to_dict=dict))
    monkeypatch.setattr(st, "context", context)
    monkeypatch.setattr(st, "session_state", {})


def signed_in(monkeypatch: pytest.MonkeyPatch, **user: object) -> None:
    """Somebody Streamlit has let in through the identity provider, elsewhere on the network."""
    browsing(monkeypatch, "sales.example")
    monkeypatch.setattr(session, "oidc", lambda: True)
    monkeypatch.setattr(st, "user", SimpleNamespace(is_logged_in=True, get=user.get))


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ({"email": " Kari@A.no ", "sub": "1"}, "kari@a.no"),
        ({"email": "kari@a.no", "email_verified": True}, "kari@a.no"),
        ({"email": "kari@a.no", "email_verified": False, "sub": "1"}, "sub:1"),
        ({"email": "kari@a.no", "email_verified": "false", "sub": "1"}, "sub:1"),
        ({"sub": "kari@a.no"}, "sub:kari@a.no"),
    ],
)
def test_a_signed_in_person_is_known_by_what_the_provider_vouches_for(
    user: dict[str, object], subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(monkeypatch, **user)

    assert session.actor() == Actor("oidc", subject)


def test_somebody_without_a_name_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch)

    assert session.actor() is None


def test_a_request_that_has_not_come_through_the_door_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    browsing(monkeypatch, "localhost")

    assert session.actor() is None


def test_a_run_whose_socket_is_gone_keeps_its_reader_and_is_not_local(monkeypatch: pytest.MonkeyPatch) -> None:
    access().serves = True
    link = access().sessions.link(EngagementId("e"), "results", LinkId("l"))
    there = SimpleNamespace(headers={"host": "a"}, cookies=SimpleNamespace(to_dict=lambda: {"sf_link": link}))
    gone = SimpleNamespace(headers={}, cookies=SimpleNamespace(to_dict=dict))
    monkeypatch.setattr(st, "session_state", {})

    monkeypatch.setattr(st, "context", gone)
    assert session.actor() is None
    monkeypatch.setattr(st, "context", there)
    before = session.actor()
    monkeypatch.setattr(st, "context", gone)

    assert before is not None
    assert session.actor() == before
    assert before.kind == "link"
