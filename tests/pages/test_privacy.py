"""The privacy page: until when, who is responsible, what was done, and the end of an assessment by its name."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.service import Service
from assessment.settings import settings
from assessment.store import NotFound, SqliteStore
from pages.ui import session
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import never_shown

NAME = "Fjordvik & <Sønn>"


def store() -> SqliteStore:
    return SqliteStore(settings().database)


def field(page: AppTest, label: str) -> AppTest:
    return next(
        b for kind in ("text_input", "number_input", "date_input") for b in page.main.get(kind) if b.label == label
    )


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("privacy", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "lead", "why"),
    [("nb", "slettes", "svarene er gitt mot et løfte"), ("en", "is erased on", "on the promise")],
)
def test_it_says_until_when_and_what_the_file_leaves_out(
    app: OpenApp, group: MakeGroup, lang: str, lead: str, why: str
) -> None:
    engagement = group({"S": 6})
    page = app("privacy", engagement, lang=lang)
    assert lead in words(page)
    assert why in words(page)
    assert len(page.main.get("download_button")) == 1
    assert never_shown(page, engagement) == []


@pytest.mark.parametrize(
    ("lang", "controller", "notice"), [("nb", "Hvem har ansvar", "Slik brukes"), ("en", "Who is resp", "How your")]
)
def test_who_answers_for_the_answers_stands_in_the_notice(
    app: OpenApp, group: MakeGroup, lang: str, controller: str, notice: str
) -> None:
    engagement = group({"S": 6})
    page = app("privacy", engagement, lang=lang)
    field = next(f for f in page.main.text_input if f.label.startswith(controller))

    page = field.set_value("Fjord <b>Holding</b>").run()

    assert store().privacy(engagement).controller == "Fjord <b>Holding</b>"
    assert notice in words(page)
    assert "Fjord &lt;b&gt;Holding&lt;/b&gt;" in "".join(h.proto.body for h in page.main.get("html"))


def test_months_and_a_day_are_saved_as_they_are_chosen(app: OpenApp, group: MakeGroup, service: Service) -> None:
    engagement = group({"S": 6})
    page = app("privacy", engagement)

    page.main.radio[0].set_value("months").run()
    field(page, "Måneder etter siste måling").set_value(60).run()
    assert store().privacy(engagement).retention_months == 60
    assert 'role="status">✓' in words(page)
    page.main.radio[0].set_value("day").run()
    day = datetime.now(UTC).date() + timedelta(days=400)
    field(page, "Slett alt denne dagen").set_value(day).run()
    assert (store().privacy(engagement).retention_months, store().privacy(engagement).erase_on) == (None, day)
    page.main.radio[0].set_value("installation").run()
    press(page, "Bruk det som er vanlig her")
    assert store().privacy(engagement).erase_on is None
    assert [e.kind for e in service.audit_log(engagement, 9)] == ["privacy_changed"] * 3
    assert words(page).count("Endret personvernet") == 3


@pytest.mark.parametrize(("lang", "said"), [("nb", "Vurderingen slettes"), ("en", "The assessment is erased on")])
def test_every_page_announces_it_in_good_time_until_it_is_changed(
    app: OpenApp, group: MakeGroup, lang: str, said: str
) -> None:
    engagement = group({"S": 6})
    soon = datetime.now(UTC).date() + timedelta(days=20)
    store().change_privacy(engagement, {"erase_on": soon})
    banner = re.compile(rf"sf-banner.*{said}")

    assert banner.search(words(app("maturity", engagement, lang=lang)))
    page = app("privacy", engagement, lang=lang)
    assert banner.search(words(page))
    label = {"nb": "Slett alt denne dagen", "en": "Erase everything on this day"}[lang]
    field(page, label).set_value(date(soon.year + 2, 1, 15)).run()
    assert not banner.search(words(page))


def test_it_is_erased_by_its_name_and_by_no_other(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all")
    page = app("privacy", engagement)
    field(page, f"Skriv navnet {NAME} for å bekrefte").set_value("Fjordvik")
    press(page, "Slett for godt")
    assert "Ingenting er slettet" in words(page)
    assert service.engagement(engagement).name == NAME

    field(page, f"Skriv navnet {NAME} for å bekrefte").set_value(NAME)
    press(page, "Slett for godt")
    with pytest.raises(NotFound):
        service.engagement(engagement)
    assert "Fjordvik &amp; &lt;Sønn&gt; er slettet for godt." in words(page)
    assert [e.kind for e in service.audit_log(engagement, 1)] == ["erased"]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_is_not_erased_by_itself(app: OpenApp, service: Service, lang: str) -> None:
    demo = service.open_demo()
    page = app("privacy", demo, lang=lang)
    assert {"nb": "Eksempelet slettes ikke", "en": "The example is not erased"}[lang] in words(page)
    assert not page.main.radio
    assert never_shown(page, demo) == []


def test_who_only_helps_reads_until_when_and_nothing_more(
    app: OpenApp, group: MakeGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = group({"S": 6})
    store().add_member(engagement, "per@a.no", "facilitator", datetime.now(UTC))
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "per@a.no"))

    page = app("privacy", engagement)

    assert "slettes" in words(page)
    assert [*page.main.radio, *page.main.text_input, *page.main.get("download_button")] == []
    done = store().audit_log(limit=10)
    assert [(e.kind, e.subject, e.engagement_id) for e in done] == [
        ("opened", "per@a.no", engagement),
        ("signed_in", "per@a.no", None),
    ]
    page.run()
    assert store().audit_log(limit=10) == done  # once a session
