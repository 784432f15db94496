"""The front page: the example, one's own assessments, and deletion that can be undone."""

from pathlib import Path

import pytest

from assessment.service import Service
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told


@pytest.mark.parametrize(
    ("lang", "begin", "example", "none"),
    [
        ("nb", "Start en vurdering", "Se et ferdig eksempel", "Du har ingen vurderinger ennå"),
        ("en", "Begin an assessment", "See a finished example", "You have no assessments yet"),
    ],
)
def test_with_nothing_yet_it_offers_to_begin_or_look(
    app: OpenApp, lang: str, begin: str, example: str, none: str
) -> None:
    page = app(lang=lang)

    assert buttons(page) == [begin, example]
    assert none in words(page)


def test_the_example_opens_on_its_result_and_is_marked_fictional(app: OpenApp) -> None:
    page = press(app(), "Se et ferdig eksempel")

    assert page.main.title[0].value == "Modenhet"
    assert page.query_params["e"] in ("demo", ["demo"])
    assert "oppdiktet" in words(page).lower()
    assert "Oppdiktet eksempel" in words(app())


def test_half_answered_it_shows_how_far_and_continues_there(app: OpenApp, solo: MakeSolo) -> None:
    solo("half")
    page = app()
    assert "17 av 33 besvart" in words(page)

    page = press(page, "Fortsett")

    assert "17 av 33 besvart" in words(page)
    assert len(page.main.radio) == 4  # the first area


def test_done_it_opens_the_result(app: OpenApp, solo: MakeSolo) -> None:
    solo("all")
    page = app()
    assert "alle 33 besvart" in words(page)

    assert press(page, "Se resultatet").main.title[0].value == "Modenhet"


def test_a_name_is_text_and_never_markup(app: OpenApp, solo: MakeSolo) -> None:
    solo("half")

    assert "Fjordvik &amp; &lt;Sønn&gt;" in words(app())


@pytest.mark.parametrize(
    ("lang", "delete", "yes", "undo", "restore"),
    [
        ("nb", "Slett", "Ja, slett", "Angre", "Hent tilbake"),
        ("en", "Delete", "Yes, delete", "Undo", "Restore"),
    ],
)
def test_deleting_asks_first_and_can_be_undone(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, delete: str, yes: str, undo: str, restore: str
) -> None:
    engagement = solo("half")
    page = press(app(lang=lang), delete)
    assert service.engagement(engagement).deleted_at is None

    page = press(page, yes)
    assert [o.engagement.deleted_at is None for o in service.engagements()] == [False]
    assert undo in buttons(page)
    assert restore in buttons(app(lang=lang))  # another day, another tab

    page = press(page, undo)
    assert service.engagement(engagement).deleted_at is None
    assert undo not in buttons(page)


def test_cancelling_a_deletion_deletes_nothing(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("half")
    page = press(press(app(), "Slett"), "Avbryt")

    assert service.engagement(engagement).deleted_at is None
    assert "Ja, slett" not in buttons(page)


def test_a_long_list_shows_the_first_and_offers_the_rest(app: OpenApp, solo: MakeSolo) -> None:
    for _ in range(10):
        solo("none")
    page = app()
    assert buttons(page).count("Slett") == 8

    page = press(page, "Vis alle 10")

    assert buttons(page).count("Slett") == 10


def test_a_deletion_that_cannot_be_written_is_a_sentence(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("half")
    page = press(app(), "Slett")

    with kept_busy(database, monkeypatch):
        service._store.close()
        page = press(page, "Ja, slett")

        assert "holder databasen" in told(page)
    assert service.engagement(engagement).deleted_at is None
    assert 'role="alert"' not in words(press(page, "Ja, slett"))
    assert [o.engagement.deleted_at is None for o in service.engagements()] == [False]


def test_the_list_says_nothing_of_ids(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("half")

    assert never_shown(app(), engagement) == []
    assert "Fjordvik" in everything(app())
