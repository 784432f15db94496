"""The front page: begin, the example one click away, and the assessments one has, with delete and undo."""

import pytest
from playwright.sync_api import Locator, expect

from assessment.engagement import EngagementId
from assessment.packs import builtin
from assessment.service import UNDO_DAYS, Service
from tests.browser.conftest import MakeSolo, NewReader
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser


def test_the_example_is_one_click_away(new_reader: NewReader) -> None:
    reader = new_reader(390)
    reader.open()
    reader.press(reader.texts("start.demo"))
    reader.on(reader.texts("page.maturity"))
    expect(reader.main).to_contain_text(reader.texts("common.fictional"))


def test_the_list_shows_how_far_each_has_come(new_reader: NewReader, make_solo: MakeSolo) -> None:
    begun, done = make_solo("Påbegynt AS", answered=7), make_solo("Ferdig AS")
    reader = new_reader(390)
    texts = reader.texts
    reader.open()
    expect(_row(reader, begun)).to_contain_text("Påbegynt AS")
    expect(_row(reader, begun)).to_contain_text(texts("start.progress", answered=7, total=33))
    expect(_row(reader, done)).to_contain_text(texts("start.done", total=33))
    _row(reader, done).get_by_role("button", name=texts("start.results"), exact=True).click()
    reader.on(texts("page.maturity"))
    reader.open()
    _row(reader, begun).get_by_role("button", name=texts("start.continue"), exact=True).click()
    reader.on(builtin("full").prose["nb"].criteria["C2"].title)


def test_a_deletion_is_confirmed_and_can_be_undone(
    new_reader: NewReader, make_solo: MakeSolo, service: Service
) -> None:
    name = "Slettes AS"
    doomed = make_solo(name, answered=3)
    reader = new_reader()
    texts = reader.texts
    reader.open()
    _delete(reader, doomed)
    expect(reader.main).to_contain_text(texts("start.delete_sure", name=name, days=UNDO_DAYS))
    reader.press(texts("common.cancel"))
    expect(reader.main).not_to_contain_text(texts("start.delete_sure", name=name, days=UNDO_DAYS))
    expect(_row(reader, doomed)).to_be_visible()
    _delete(reader, doomed)
    reader.press(texts("start.delete_yes"))
    told = reader.main.get_by_role("status").filter(has_text=texts("start.deleted", name=name))
    expect(told).to_be_visible()
    expect(_row(reader, doomed)).to_have_count(0)
    reader.assert_a_proper_page()
    reader.press(texts("common.undo"))
    expect(_row(reader, doomed)).to_contain_text(texts("start.progress", answered=3, total=33))
    expect(told).to_have_count(0)
    sheet = service.sheet(doomed)
    assert sheet is not None
    assert len(sheet.answers) == 3


def test_what_was_deleted_lately_can_be_restored_from_its_list(
    new_reader: NewReader, make_solo: MakeSolo, service: Service
) -> None:
    doomed = make_solo("Angret AS", answered=5)
    service.delete(doomed)
    reader = new_reader(390)
    texts = reader.texts
    reader.open()
    expect(_row(reader, doomed)).to_have_count(0)
    reader.main.get_by_text(texts("start.recently_deleted", days=UNDO_DAYS)).click()
    restore = reader.page.locator(f".st-key-restore_{doomed}")
    restore.get_by_role("button", name=texts("start.restore"), exact=True).click()
    expect(_row(reader, doomed)).to_contain_text(texts("start.progress", answered=5, total=33))


def test_the_address_of_a_deleted_assessment_says_so_and_leads_home(
    new_reader: NewReader, make_solo: MakeSolo, service: Service
) -> None:
    gone = make_solo("Borte AS", answered=1)
    service.delete(gone)
    reader = new_reader()
    reader.open("maturity", gone)
    expect(reader.main.get_by_role("alert")).to_have_text(reader.texts("error.store.not_found"))
    reader.press(reader.texts("error.to_start"))
    reader.on(reader.texts("common.product"))


def _row(reader: Reader, engagement: EngagementId) -> Locator:
    return reader.page.locator(f'[class*="st-key-mine_{engagement}"]')


def _delete(reader: Reader, engagement: EngagementId) -> None:
    _row(reader, engagement).get_by_role("button", name=reader.texts("start.delete"), exact=True).click()
