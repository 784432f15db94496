"""The rules of streamlit.css that lean on Streamlit's own markup: each breaks silently when Streamlit changes."""

import pytest
from playwright.sync_api import Locator, expect

from assessment.packs import builtin
from tests.browser.conftest import MakeSolo, NewReader

pytestmark = pytest.mark.browser

PACK = builtin("full")
ITEM = PACK.items_of("C1")[0]
LUMINANCE = """(e) => {
    const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const light = (colour) => {
        paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    };
    const words = e.querySelector("p") ?? e;
    return [light(getComputedStyle(words).color), light(getComputedStyle(e).backgroundColor)];
}"""


def test_a_choice_is_at_least_44_pixels_high_on_a_phone(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(390)
    reader.open("answer", make_solo(answered=0))
    cards = reader.page.locator('.st-key-sheet [data-testid="stRadioOption"]')
    expect(cards).to_have_count(7 * len(PACK.items_of("C1")))
    assert min(_box(card)["height"] for card in cards.all()) >= 44


def test_buttons_are_at_least_44_pixels_high(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader, engagement = new_reader(390), make_solo()
    for page in ("", "answer", "maturity", "mandate"):
        reader.open(page, engagement)
        buttons = reader.main.locator(".stButton button, .stDownloadButton button, .stFormSubmitButton button")
        buttons.first.wait_for()
        assert min(_box(button)["height"] for button in buttons.all()) >= 44, page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_five_descriptions_stand_below_each_other_in_rising_order(
    new_reader: NewReader, make_solo: MakeSolo, width: int
) -> None:
    reader = new_reader(width)
    reader.open("answer", make_solo(answered=0))
    boxes = [_box(reader.card(ITEM, value)) for value in (1, 2, 3, 4, 5)]
    assert [b["y"] for b in boxes] == sorted({b["y"] for b in boxes})
    assert len({round(b["x"]) for b in boxes}) == len({round(b["width"]) for b in boxes}) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_dont_know_and_not_applicable_are_pills_apart_below_a_dashed_line(
    new_reader: NewReader, make_solo: MakeSolo, width: int
) -> None:
    reader = new_reader(width)
    reader.open("answer", make_solo(answered=0))
    last, unknown, none = (_box(reader.card(ITEM, value)) for value in (5, "DK", "NA"))
    assert unknown["y"] == none["y"]
    assert unknown["y"] - (last["y"] + last["height"]) >= 16
    assert unknown["x"] + unknown["width"] < none["x"]
    assert unknown["width"] < last["width"] / 2
    style = reader.card(ITEM, "DK").evaluate(
        "(card) => { const line = getComputedStyle(card.parentElement, '::before');"
        "return [line.borderTopStyle, parseFloat(line.width), getComputedStyle(card).borderTopLeftRadius]; }"
    )
    assert style[0] == "dashed"
    assert style[1] > last["width"] / 2
    assert style[2] == "24px"


def test_the_choice_made_is_marked_by_more_than_its_dot(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader()
    reader.open("answer", make_solo(answered=0))
    reader.choose(ITEM, 2)
    look = "(card) => { const s = getComputedStyle(card); return [s.backgroundColor, s.borderTopColor, s.boxShadow]; }"
    chosen, other = reader.card(ITEM, 2).evaluate(look), reader.card(ITEM, 3).evaluate(look)
    assert [one != another for one, another in zip(chosen, other, strict=True)] == [True, True, True]


def test_the_toolbar_of_a_chart_is_hidden(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader()
    reader.open("maturity", make_solo())
    chart = reader.page.locator(".stVegaLiteChart").first
    chart.locator("svg").wait_for()
    chart.hover()
    toolbar = reader.page.locator(".stElementContainer:has(.stVegaLiteChart) .stElementToolbar")
    assert [bar.is_visible() for bar in toolbar.all() if bar.is_visible()] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_the_primary_button_can_be_read(new_reader: NewReader, scheme: str) -> None:
    reader = new_reader(scheme=scheme)
    reader.open()
    button = reader.main.get_by_role("button", name=reader.texts("start.begin"), exact=True)
    lighter, darker = sorted(button.evaluate(LUMINANCE), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_page_and_its_text_are_no_wider_than_can_be_read(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(1800)
    reader.open("maturity", make_solo())
    assert _box(reader.page.locator(".stMainBlockContainer"))["width"] <= 72 * 16
    assert _box(reader.page.locator(".st-key-message .sf-lead"))["width"] <= 46 * 16


def test_print_leaves_out_the_menu_and_the_buttons(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(scheme="dark")
    reader.open("maturity", make_solo())
    reader.page.emulate_media(media="print")
    expect(reader.page.get_by_test_id("stSidebar")).to_be_hidden()
    for part in reader.page.locator(".stButton, .stDownloadButton, .st-key-next, .stButtonGroup").all():
        expect(part).to_be_hidden()
    expect(reader.page.locator(".st-key-message .sf-lead")).to_be_visible()
    # the whole page, not the part of it that stood in the window
    scroller = reader.page.locator(".stMain").evaluate(
        "(e) => [getComputedStyle(e).overflowY, e.scrollHeight - e.clientHeight]"
    )
    assert scroller[0] == "visible"
    assert scroller[1] <= 1
    assert reader.page.locator(".stApp").evaluate("(e) => getComputedStyle(e).colorScheme") == "light"


def test_dialogs_and_popovers_outside_the_app_follow_its_theme(new_reader: NewReader) -> None:
    reader = new_reader(scheme="dark")
    reader.open()
    expect(reader.page.locator("html")).to_have_css("color-scheme", "dark")


def test_questions_are_named_without_their_markup(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader()
    reader.open("answer", make_solo(answered=0))
    words = PACK.prose["nb"].items[ITEM.id]
    assert words.help
    expect(reader.question(ITEM)).to_have_attribute("aria-label", f"{words.stem} {words.help}")


def test_the_ladder_of_levels_stays_on_one_line_on_a_phone(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(390)
    reader.open("maturity", make_solo())
    rungs = reader.page.locator(".sf-ladder li")
    expect(rungs).to_have_count(5)
    assert len({round(_box(rung)["y"]) for rung in rungs.all()}) == 1
    own = reader.page.locator(".sf-ladder [aria-current]")
    assert own.evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_a_table_wider_than_a_phone_scrolls_by_itself(new_reader: NewReader, make_solo: MakeSolo) -> None:
    reader = new_reader(390)
    reader.open("maturity", make_solo())
    reader.main.get_by_text(reader.texts("common.figures")).click()
    reader.main.locator(".sf-scroll").last.scroll_into_view_if_needed()
    assert reader.sideways_scroll() <= 0


def _box(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    return dict(box)
