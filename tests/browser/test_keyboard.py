"""Everything works without a mouse, and one always sees where one is."""

import pytest
from playwright.sync_api import Locator, expect

from assessment.packs import builtin
from assessment.service import GroupBeginning, Service
from tests.browser.conftest import MakeSolo, NewReader
from tests.browser.reader import Reader

pytestmark = pytest.mark.browser

PACK = builtin("full")
STOPS = 80
# the ring of a hidden radio input is drawn round the card or the button it belongs to
RING = """() => {
    const at = document.activeElement;
    const shown = at.closest('[data-testid="stRadioOption"], [data-testid="stButtonGroup"] label') ?? at;
    const style = getComputedStyle(shown);
    const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    return {on: (at.getAttribute("aria-label") || at.textContent || at.outerHTML).slice(0, 80), tag: at.tagName, width};
}"""


def test_from_the_front_page_to_an_answered_page_without_a_mouse(new_reader: NewReader) -> None:
    reader = new_reader()
    texts, page, keys = reader.texts, reader.page, reader.page.keyboard
    reader.open()
    _tab_to(reader, reader.main.get_by_role("button", name=texts("start.begin"), exact=True))
    keys.press("Enter")
    reader.on(texts("page.begin"))
    _tab_to(reader, page.get_by_label(texts("begin.organisation"), exact=True))
    keys.type("Uten mus AS")
    _choose_by_keys(reader, page.get_by_role("radiogroup", name=texts("begin.role")), texts("role.SL"), 0)
    yes = texts("begin.training.yes")
    _choose_by_keys(reader, page.get_by_role("radiogroup", name=texts("begin.training")), yes, 0)
    _tab_to(reader, reader.main.get_by_role("button", name=texts("begin.start"), exact=True))
    keys.press("Enter")
    reader.on(PACK.prose["nb"].criteria["C1"].title)
    for item in PACK.items_of("C1"):
        _choose_by_keys(reader, reader.question(item), reader.label(item, 3), 2)
        expect(reader.saved(item)).to_contain_text(texts("common.saved"))
        reader.assert_chosen(item, 3)
    _tab_to(reader, reader.main.get_by_role("button", name=texts("answer.next"), exact=True))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name=PACK.prose["nb"].criteria["C2"].title)).to_be_focused()


def test_a_stack_of_sheets_is_keyed_in_and_each_is_kept_once(new_reader: NewReader, service: Service) -> None:
    engagement = service.begin_group(GroupBeginning(organisation="Papir AS", training_planned="no"), "nb")
    wave = service.waves(engagement)[-1]
    reader = new_reader()
    texts, keys = reader.texts, reader.page.keyboard
    reader.open("keying", engagement)
    reader.on(texts("page.keying"))
    line = reader.main.get_by_role("textbox", name=texts("keying.line"), exact=True)
    line.click()
    keys.type("34")
    expect(reader.main.locator(".sf-keyed [aria-current]")).to_contain_text("3 ")
    keys.type("2" * 30)
    for sheets in (1, 2):
        for _ in range(3):
            keys.press("Enter")
        expect(reader.main.locator(".st-key-keying_kept")).to_contain_text(texts.plural("keying.kept", sheets))
        expect(line).to_have_value("")
        expect(line).to_be_focused()
        keys.type("2" * 32)
    assert len(service._store.responses(wave.id)) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_stop_of_the_tab_key_has_a_ring(new_reader: NewReader, make_solo: MakeSolo, scheme: str) -> None:
    reader = new_reader(scheme=scheme)
    reader.open("answer", make_solo(answered=2))
    rings = _tour(reader)
    assert len(rings) > 10
    assert [ring for ring in rings if ring["width"] < 2] == []


def test_every_stop_of_the_other_pages_has_a_ring(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader, engagement = new_reader(), make_solo()
    for address in ("", "begin", "maturity", "targets", "mandate"):
        reader.open(address, engagement)
        assert [ring for ring in _tour(reader) if ring["width"] < 2] == [], address


def test_the_next_page_starts_at_its_top_with_its_heading_in_focus(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(390)
    reader.open("answer", make_solo(answered=5), p="C1")
    reader.press(reader.texts("answer.next"))
    heading = reader.page.get_by_role("heading", level=1, name=PACK.prose["nb"].criteria["C2"].title)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    assert reader.page.locator(".stMain").evaluate("(main) => main.scrollTop") == 0
    reader.press(reader.texts("common.back"))
    first = reader.page.get_by_role("heading", level=1, name=PACK.prose["nb"].criteria["C1"].title)
    expect(first).to_be_focused()


def test_answering_keeps_the_focus_where_it_is(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader()
    reader.open("answer", make_solo(answered=0))
    item = PACK.items_of("C1")[1]
    _choose_by_keys(reader, reader.question(item), reader.label(item, 2), 1)
    expect(reader.saved(item)).to_contain_text(reader.texts("common.saved"))
    expect(reader.card(item, 2).get_by_role("radio")).to_be_focused()


def _tab_to(reader: Reader, target: Locator) -> None:
    """Press Tab until the target, or something in it, has the focus."""
    target.wait_for()
    for _ in range(STOPS):
        reader.page.keyboard.press("Tab")
        if target.evaluate("(target) => target.contains(document.activeElement)"):
            return
    raise AssertionError(f"the Tab key never comes to {target}")


def _choose_by_keys(reader: Reader, group: Locator, label: str, steps: int) -> None:
    """Come to an unanswered group with Tab, take the first choice with Space and go on with the arrows."""
    _tab_to(reader, group)
    reader.page.keyboard.press("Space")
    for _ in range(steps):
        reader.page.keyboard.press("ArrowDown")
    chosen = group.locator('[data-testid="stRadioOption"][data-selected="true"]')
    expect(chosen).to_have_text(label)


def _tour(reader: Reader) -> list[dict[str, object]]:
    """The ring at each stop of the Tab key, once round the page."""
    rings: list[dict[str, object]] = []
    reader.page.locator("body").evaluate("() => document.activeElement.blur()")
    for _ in range(STOPS):
        reader.page.keyboard.press("Tab")
        ring = reader.page.evaluate(RING)
        if ring["tag"] == "BODY" or (rings and ring == rings[0]):
            break
        rings.append(ring)
    return rings
