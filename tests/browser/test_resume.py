"""Nothing that was acknowledged is ever lost: not by closing, not by a killed server, not by a change of language."""

import os
import signal

import pytest
from playwright.sync_api import expect

from assessment.packs import builtin
from assessment.service import Service
from assessment.store import SqliteStore
from tests.browser.conftest import MakeSolo, NewReader
from tests.browser.reader import rising
from tests.serving import Server

pytestmark = pytest.mark.browser

PACK = builtin("full")
FIRST, SECOND, THIRD = PACK.items_of("C1")[:3]


def test_the_address_brings_page_and_answers_back_on_a_new_server(
    new_reader: NewReader, make_solo: MakeSolo, server: Server
) -> None:
    engagement = make_solo(answered=7)
    reader = new_reader(390)
    reader.open("answer", engagement)
    reader.on(PACK.prose["nb"].criteria["C2"].title)  # where the first unanswered question is
    later = PACK.items_of("C3")[0]
    reader.open("answer", engagement, p="C3")
    reader.choose(later, 4)
    asked = reader.query
    reader.page.goto("about:blank")
    server.kill()
    fresh = Server(server.database).start()
    try:
        reader.page.goto(f"{fresh.address}{asked}")
        reader.drawn()
        reader.on(PACK.prose["nb"].criteria["C3"].title)
        reader.assert_chosen(later, 4)
        expect(reader.saved(later)).to_contain_text(reader.texts("common.saved"))
        expect(reader.main).to_contain_text(reader.texts("answer.progress", answered=8, total=33))
    finally:
        fresh.stop()
        server.start()


def test_closing_the_browser_midway_loses_nothing(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(390)
    reader.open("answer", make_solo(answered=0))
    reader.choose(FIRST, 2)
    reader.choose(SECOND, "DK")
    reader.choose(THIRD, "NA")
    reason = reader.page.get_by_label(reader.texts("answer.reason"), exact=True)
    reason.click()
    reader.page.get_by_role("option", name=reader.texts("answer.reason.others")).click()
    expect(reader.page.get_by_role("option")).to_have_count(0)
    reader.drawn()
    address = reader.page.url
    reader.page.close()
    again = new_reader(1280)
    again.page.goto(address)
    again.drawn()
    again.assert_chosen(FIRST, 2)
    again.assert_chosen(SECOND, "DK")
    again.assert_chosen(THIRD, "NA")
    reason = again.page.get_by_label(again.texts("answer.reason"), exact=True)
    expect(reason).to_have_value(again.texts("answer.reason.others"))


def test_an_open_page_reconnects_after_the_server_was_killed_between_two_clicks(
    new_reader: NewReader, make_solo: MakeSolo, server: Server, service: Service
) -> None:
    engagement = make_solo(answered=0)
    reader = new_reader()
    reader.open("answer", engagement)
    reader.choose(FIRST, 3)
    reader.lose_the_server()
    reader.get_the_server_back()
    reader.assert_chosen(FIRST, 3)
    reader.choose(SECOND, 4)
    sheet = service.sheet(engagement)
    assert sheet is not None
    assert {item: answer.value for item, answer in sheet.answers.items()} == {FIRST.id: 3, SECOND.id: 4}


@pytest.mark.parametrize("before", [None, 2])
def test_a_click_the_server_never_heard_is_not_shown_as_saved(
    new_reader: NewReader, make_solo: MakeSolo, server: Server, service: Service, before: int | None
) -> None:
    engagement = make_solo(answered=0)
    reader = new_reader()
    reader.open("answer", engagement)
    reader.choose(SECOND, 4)
    if before is not None:
        reader.choose(FIRST, before)
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)  # it takes the click in its socket and never reads it
    reader.card(FIRST, 5).click()
    reader.assert_chosen(FIRST, 5)
    reader.lose_the_server()
    reader.get_the_server_back()
    sheet = service.sheet(engagement)
    assert sheet is not None
    if FIRST.id in sheet.answers:
        reader.assert_chosen(FIRST, sheet.answers[FIRST.id].value)
    else:
        expect(reader.question(FIRST).locator('[data-selected="true"]')).to_have_count(0)
        expect(reader.saved(FIRST)).not_to_contain_text(reader.texts("common.saved"))
    reader.choose(FIRST, 3)  # the first click afterwards counts


def test_the_language_can_change_midway(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader()
    reader.open("answer", make_solo(answered=0), p="C2")
    items = PACK.items_of("C2")
    for item, value in zip(items, (5, "DK", 1), strict=False):
        reader.choose(item, value)
    reader.page.locator(".stSidebar").get_by_text("English", exact=True).click()
    english = type(reader)(reader.page, reader.server, "en")
    english.on(PACK.prose["en"].criteria["C2"].title)
    for item, value in zip(items, (5, "DK", 1), strict=False):
        english.assert_chosen(item, value)
    english.choose(items[0], 2)
    english.page.locator(".stSidebar").get_by_text("Norsk", exact=True).click()
    reader.on(PACK.prose["nb"].criteria["C2"].title)
    reader.assert_chosen(items[0], 2)
    reader.assert_chosen(items[1], "DK")


def test_what_is_chosen_before_it_begins_stays_when_the_language_changes(new_reader: NewReader) -> None:
    reader = new_reader()
    reader.open("begin")
    page, texts = reader.page, reader.texts
    page.get_by_label(texts("begin.organisation"), exact=True).fill("Midtveis AS")
    page.get_by_role("radiogroup", name=texts("begin.role")).get_by_text(texts("role.S"), exact=True).click()
    reader.drawn()
    page.locator(".stSidebar").get_by_text("English", exact=True).click()
    english = type(reader)(page, reader.server, "en")
    english.on(english.texts("page.begin"))
    expect(page.get_by_label(english.texts("begin.organisation"), exact=True)).to_have_value("Midtveis AS")
    roles = page.get_by_role("radiogroup", name=english.texts("begin.role"))
    expect(roles.locator('[data-testid="stRadioOption"][data-selected="true"]')).to_have_text(english.texts("role.S"))
    sets = page.get_by_role("radiogroup", name=english.texts("begin.set"))
    expect(sets.locator('[data-testid="stRadioOption"][data-selected="true"]')).to_have_text(
        english.texts("begin.set.full")
    )


def test_the_preconditions_and_targets_stay_when_the_language_changes(
    new_reader: NewReader, make_solo: MakeSolo
) -> None:
    engagement, pack = make_solo(answered=0), builtin("readiness")
    reader = new_reader()
    reader.open("mandate", engagement, p="readiness")
    reader.choose(pack.items[1], 3, pack)
    reader.page.locator(".stSidebar").get_by_text("English", exact=True).click()
    english = type(reader)(reader.page, reader.server, "en")
    english.on(english.texts("page.mandate"))
    english.assert_chosen(pack.items[1], 3, pack)
    english.open("targets", engagement)
    weights = english.page.locator(".st-key-target_C5").get_by_role("radio")
    weights.nth(3).click()
    expect(english.main).to_contain_text(english.texts("targets.set_before"))
    english.page.locator(".stSidebar").get_by_text("Norsk", exact=True).click()
    reader.on(reader.texts("page.targets"))
    expect(weights.nth(3)).to_be_checked()


def test_two_tabs_on_the_same_answers_both_save(new_reader: NewReader, make_solo: MakeSolo, service: Service) -> None:
    engagement = make_solo(answered=0)
    one, two = new_reader(), new_reader()
    one.open("answer", engagement)
    two.open("answer", engagement)
    one.choose(FIRST, 2)
    two.choose(SECOND, 3)
    one.choose(THIRD, 4)
    two.page.reload()
    two.drawn()
    for item, value in ((FIRST, 2), (SECOND, 3), (THIRD, 4)):
        two.assert_chosen(item, value)
    sheet = service.sheet(engagement)
    assert sheet is not None
    assert sorted(answer.value for answer in sheet.answers.values()) == [2, 3, 4]


def test_every_click_that_said_saved_is_on_disk_at_once(
    new_reader: NewReader, make_solo: MakeSolo, server: Server
) -> None:
    engagement = make_solo(answered=0)
    reader = new_reader()
    reader.open("answer", engagement)
    given = {item.id: value for item, value in rising(PACK) if item.criterion == "C1"}
    for item in PACK.items_of("C1"):
        reader.choose(item, given[item.id])
    server.kill()
    sheet = Service(SqliteStore(server.database)).sheet(engagement)
    reader.page.goto("about:blank")
    server.start()
    assert sheet is not None
    assert {item: answer.value for item, answer in sheet.answers.items()} == given
