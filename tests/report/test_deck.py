"""The slides, opened again by their own library: what they say, that it is native, fits, and gives nobody away."""

import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from assessment.config import SCORING_VERSION
from assessment.engagement import (
    TEMPLATE_BYTES_MAX,
    Answer,
    Engagement,
    EngagementId,
    ItemId,
    KpiPoint,
    Response,
    Wave,
    WaveId,
)
from assessment.packs import Language, builtin
from assessment.report.deck import deck
from assessment.report.dossier import Dossier, gather
from assessment.report.slide_template import Box, TemplateRefused, theirs
from assessment.report.slides import Say, fitted
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.texts import half_up, keys, texts

WRITTEN = date(2026, 11, 23)
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CODES = re.compile(r"\b(C[1-7](\.\d)?|S[0-6]|D(0[1-9]|1[0-2])|W[1-8]|B[1-7][ab]?|K\d\d|DK|NA)\b")
FOOT = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER)
MakeDossier = Callable[..., Dossier]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(SqliteStore(tmp_path_factory.mktemp("deck") / "deck.db"))


@pytest.fixture(scope="module", params=["nb", "en"])
def demo(request: pytest.FixtureRequest, service: Service) -> Dossier:
    return gather(service, service.open_demo(), request.param, written_on=WRITTEN)


@pytest.fixture(scope="module")
def made(demo: Dossier) -> Any:
    """The demo's slides in one language."""
    return Presentation(io.BytesIO(deck(demo)))


@pytest.fixture(scope="module")
def norwegian(service: Service) -> Dossier:
    return gather(service, service.open_demo(), "nb", written_on=WRITTEN)


@pytest.fixture
def answered(tmp_path: Path) -> MakeDossier:
    """A closed measurement of an organisation of its own: `answered({"S": 8, "SL": 2}, {"S": 3, "SL": 4})`."""

    def make(people: dict[str, int], levels: dict[str, int], language: Language = "nb") -> Dossier:
        store, pack = SqliteStore(tmp_path / f"{'-'.join(map(str, levels.values()))}.db"), builtin("full")
        said = {"id": "many", "name": "Fjordvik", "language": "nb", "mode": "anonymous", "created_at": MONDAY}
        pinned = {"pack_id": pack.id, "pack_version": pack.version, "pack_hash": pack.hash}
        about = {"id": "first", "engagement_id": "many", "label": "T0", "position": 1, "opened_at": MONDAY}
        wave = Wave.model_validate({**about, **pinned, "scoring_version": SCORING_VERSION})
        store.create_engagement(Engagement.model_validate(said), wave)
        roles = [role for role, count in people.items() for _ in range(count)]
        store.add_responses(
            wave.id,
            [
                Response.model_validate(
                    {
                        "id": f"r{number}",
                        "wave_id": wave.id,
                        "role": role,
                        "answers": {i: {"value": levels[role]} for i in sorted(pack.shown_to(role))},
                    }
                )
                for number, role in enumerate(roles)
            ],
        )
        store.close_wave(wave.id, MONDAY + timedelta(days=14))
        return gather(Service(store), EngagementId("many"), language, written_on=WRITTEN)

    return make


def branded(dossier: Dossier, **branding: object) -> Dossier:
    """The dossier with other looks."""
    changed = dossier.branding.model_copy(update=branding)
    return Dossier(**{**vars(dossier), "branding": changed})


def opened(dossier: Dossier) -> Any:
    return Presentation(io.BytesIO(deck(dossier)))


def charts(slides: Any) -> list[Any]:
    return [shape.chart for slide in slides.slides for shape in slide.shapes if shape.has_chart]


def words(slide: Any) -> str:
    """All text of a slide, with tables, without notes."""
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    found += [cell.text for shape in slide.shapes if shape.has_table for cell in shape.table.iter_cells()]
    return "\n".join(found)


def everything(slides: Any) -> str:
    """All that is in the slides: text, notes, alternative texts, and the figures of charts."""
    said = []
    for slide in slides.slides:
        said += [words(slide), slide.notes_slide.notes_text_frame.text]
        said += [shape._element.xpath(".//p:cNvPr/@descr") for shape in slide.shapes]
    said += [[*chart.plots[0].categories] for chart in charts(slides)]
    said += [[(s.name, [*s.values]) for s in chart.plots[0].series] for chart in charts(slides)]
    return "\n".join(map(str, said))


def title(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text)


# ---------------------------------------------------------------- the demo


def test_the_demo_has_twelve_to_fifteen_slides_each_with_a_finding_of_its_own(made: Any) -> None:
    titles = [title(slide) for slide in made.slides]

    assert 12 <= len(titles) <= 15
    assert all(titles)
    assert len({*titles}) == len(titles)
    assert sum(any(sign.isdigit() for sign in said) for said in titles[1:]) == len(titles) - 1


def test_every_slide_has_notes_and_says_what_it_rests_on(made: Any, demo: Dossier) -> None:
    product, name = texts(demo.language), demo.results.engagement.name

    for slide in made.slides:
        assert len(slide.notes_slide.notes_text_frame.text) > 40
    resting = [words(slide) for slide in made.slides][1:-1]
    assert all(name in said or product.day(WRITTEN) in said for said in resting)
    assert any(product.percent(0.97) in said for said in resting)


def test_the_foot_has_who_made_it_on_what_rules_the_day_and_the_number(made: Any, demo: Dossier) -> None:
    day = texts(demo.language).day(WRITTEN)

    for slide in made.slides:
        foot = {p.placeholder_format.type: p for p in slide.placeholders if p.placeholder_format.type in FOOT}
        assert {*foot} == {*FOOT}
        assert demo.results.score.pack_version in foot[PP_PLACEHOLDER.FOOTER].text_frame.text
        assert foot[PP_PLACEHOLDER.DATE].text_frame.text == day
        assert foot[PP_PLACEHOLDER.SLIDE_NUMBER]._element.xpath(".//a:fld/@type") == ["slidenum"]


def test_charts_hold_the_figures_as_they_are_printed(made: Any, demo: Dossier) -> None:
    score, product = demo.results.score, texts(demo.language)
    by_name = {demo.results.pack.prose[demo.language].criteria[c.id].title: c for c in score.criteria}
    gaps, profile, *_ = charts(made)

    def printed(value: float | None) -> float | None:
        return None if value is None else float(half_up(value))

    order = [by_name[name] for name in gaps.plots[0].categories]
    assert [*gaps.plots[0].series[0].values] == [printed(c.score) for c in order]
    assert [c.priority for c in order] == sorted((c.priority for c in order), reverse=True)
    order = [by_name[name] for name in profile.plots[0].categories]
    drawn = {series.name: [*series.values] for series in profile.plots[0].series}
    for who in ("leadership", "sellers", "surroundings"):
        assert drawn[product(f"perspective.{who}")] == [printed(c.perspectives[who].score) for c in order]
    assert drawn[product("maturity.column.target")] == [printed(c.target) for c in order]


def test_strategies_waste_and_payback_are_native_charts_with_the_dossiers_figures(made: Any, demo: Dossier) -> None:
    held = [[*series.values] for chart in charts(made) for series in chart.plots[0].series]
    assert demo.advice is not None
    assert demo.business_case.flow is not None
    fits = sorted((float(half_up(s.fit or 0.0)) for s in demo.advice.recommendation.strategies), reverse=True)

    assert fits in held
    assert [*demo.waste.hours_by_waste.values()] in held
    for line in (demo.business_case.flow.likely, demo.business_case.flow.p10, demo.business_case.flow.p90):
        assert [round(value) for value in line] in held


def test_the_payback_is_told_as_a_range(made: Any, demo: Dossier) -> None:
    ends = {
        "nb": ("241\u00a0000\u00a0kr", "1,2\u00a0mill.\u00a0kr"),
        "en": ("NOK\u00a0241,000", "NOK\u00a01.2\u00a0m"),
    }[demo.language]

    assert [slide for slide in made.slides if all(end in title(slide) for end in ends)] != []


def test_tables_hold_the_stages_the_findings_the_actions_and_the_preconditions(made: Any, demo: Dossier) -> None:
    held = "\n".join(cell.text for s in made.slides for t in s.shapes if t.has_table for cell in t.table.iter_cells())
    assert demo.diagnosis is not None

    assert all(action.title in held for action in demo.plan.actions if action.status != "dropped" and action.title)
    assert all(texts(demo.language)(f"diagnosis.{found.rule}") in held for found in demo.diagnosis.findings)
    assert "◆" in held  # the stage at the bottleneck
    assert demo.kpis[0].kpi.name in held or demo.language == "en"


def test_everything_drawn_has_an_alternative_text(made: Any) -> None:
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert len(shape._element.xpath(".//p:cNvPr/@descr")[0]) > 20


def test_every_run_is_marked_with_the_language(made: Any, demo: Dossier) -> None:
    spoken = {"nb": "nb-NO", "en": "en-GB"}[demo.language]

    for slide in made.slides:
        roots = [slide._element, slide.notes_slide._element]
        runs = [run for root in roots for run in root.iter(qn("a:r"))]
        assert {run.find(qn("a:rPr")).get("lang") for run in runs} == {spoken}


def test_shapes_of_a_slide_have_ids_of_their_own(made: Any) -> None:
    for slide in made.slides:
        ids = slide._element.xpath(".//p:cNvPr/@id")
        assert len(ids) == len({*ids})


def test_no_code_of_ours_is_on_a_slide(made: Any) -> None:
    assert CODES.findall(everything(made)) == []


def test_nothing_lies_outside_the_slide_or_over_anything_else(made: Any) -> None:
    inside(made)


def test_text_has_room(made: Any) -> None:
    roomy(made)


def inside(slides: Any) -> None:
    for slide in slides.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height, s.name) for s in slide.shapes]
        for left, top, right, bottom, _ in boxes:
            assert left >= 0
            assert top >= 0
            assert right <= slides.slide_width
            assert bottom <= slides.slide_height
        for one, other in combinations(boxes, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            assert across <= Inches(0.02) or down <= Inches(0.02), (title(slide), one[4], other[4])


def roomy(slides: Any) -> None:
    """Letters half as wide as high, lines a fifth higher than their letters: an ordinary font."""
    for slide in slides.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.strip("‹#›"):
                assert _height(shape.text_frame, shape.width, 28) <= shape.height + Inches(0.02), (
                    title(slide),
                    shape.name,
                )
            elif shape.has_table:
                rows = [
                    max(
                        _height(cell.text_frame, column.width, 12)
                        for cell, column in zip(row.cells, shape.table.columns, strict=True)
                    )
                    for row in shape.table.rows
                ]
                assert sum(rows) <= slides.slide_height - shape.top - Inches(0.7), title(slide)


def _height(frame: Any, width: int, usual: int) -> float:
    lines = 0.0
    for paragraph in frame.paragraphs:
        size = next((run.font.size.pt for run in paragraph.runs if run.font.size), usual)
        across = max(1, int(Emu(width - Inches(0.2)).pt / (size * 0.5)))
        lines += size * 1.2 * max(1, len(textwrap.wrap(paragraph.text, across)))
    return Emu(0) + lines * 12700


# ---------------------------------------------------------------- others


def test_an_assessment_nobody_has_answered_says_what_is_missing(service: Service) -> None:
    beginning = Beginning(organisation="Tomt & <bar>", role="SL", training_planned="yes")
    slides = opened(gather(service, service.begin(beginning, "nb"), "nb", written_on=WRITTEN))
    titles = [title(slide) for slide in slides.slides]

    assert len(titles) == len({*titles}) >= 4
    assert any("Dette vet vi ikke ennå" in said for said in titles)
    assert "Verdistrømmen er ikke tegnet" in everything(slides)
    assert charts(slides) == []
    inside(slides)
    roomy(slides)


@pytest.mark.parametrize(
    ("pack", "first"),
    [
        ("full", "Grunnlag for salgstrening er viktigst å løfte: nivå 2,0"),
        ("pulse", "Pulsen viser det samme overalt: 2"),
    ],
)
def test_one_persons_answers_are_one_view(service: Service, pack: Literal["full", "pulse"], first: str) -> None:
    beginning = Beginning(organisation="Alene", role="SL", training_planned="yes", pack_id=pack, view="all")
    engagement = service.begin(beginning, "nb")
    sheet = service.sheet(engagement)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(item.id): Answer(value=2) for item in sheet.items})

    slides = opened(gather(service, engagement, "nb", written_on=WRITTEN))

    assert title(slides.slides[1]).startswith(first)
    assert "Ett svar er ett syn" in everything(slides)
    assert "Mot selgerne" not in everything(slides)
    inside(slides)
    roomy(slides)


def test_an_earlier_measurement_tells_nothing_of_a_later_one(service: Service) -> None:
    first = opened(gather(service, service.open_demo(), "nb", written_on=WRITTEN, wave_id=WaveId("demo-T0")))

    assert texts("nb")("change.column.verdict") not in everything(first)


@pytest.mark.parametrize(("language", "why"), [("nb", "gruppen har færre enn 5"), ("en", "fewer than 5")])
def test_a_group_that_is_too_small_is_named_with_the_reason_alone(
    answered: MakeDossier, language: Language, why: str
) -> None:
    slides = opened(answered({"S": 8, "SL": 2, "OP": 3}, {"S": 3, "SL": 4, "OP": 1}, language))
    drawn = {series.name for chart in charts(slides) for series in chart.plots[0].series}

    assert why in everything(slides)
    assert not any(texts(language)("perspective.surroundings") in name for name in drawn)


def test_what_a_group_that_is_too_small_answered_changes_nothing(answered: MakeDossier) -> None:
    low = opened(answered({"S": 8, "SL": 2, "OP": 3}, {"S": 3, "SL": 4, "OP": 1}))
    high = opened(answered({"S": 8, "SL": 2, "OP": 3}, {"S": 3, "SL": 4, "OP": 5}))

    assert everything(low) == everything(high)


def test_what_people_type_is_text_and_never_markup_or_a_formula(service: Service) -> None:
    sly = '=HYPERLINK("http://x")\x07 & <b>]]>'
    engagement = service.begin(Beginning(organisation=sly, role="SL", training_planned="yes"), "nb")
    kpi = service.add_own_kpi(engagement, f"=1+1 {sly}", "down")
    days = [date(2026, 1, 1) + timedelta(days=7 * week) for week in range(12)]
    service.set_points(engagement, kpi, {day: KpiPoint(on=day, value=10 + day.day % 3) for day in days})
    service.describe_action(engagement, service.begin_action(engagement), {"title": sly * 3})

    slides = opened(gather(service, engagement, "nb", written_on=WRITTEN))

    assert '=HYPERLINK("http://x") & <b>]]>' in everything(slides)
    books = [openpyxl.load_workbook(io.BytesIO(c.part.chart_workbook.xlsx_part.blob)) for c in charts(slides)]
    cells = [cell for book in books for row in book.active.iter_rows() for cell in row]
    assert cells != []
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    roomy(slides)


def test_long_words_are_shortened_rather_than_spilt() -> None:
    size, said = fitted([Say("tiltak " * 2000)], Box(0, 0, Inches(4), Inches(2)))

    assert size == 11
    assert said[0].text.endswith("…")


def test_more_rows_than_there_is_room_for_are_counted(service: Service) -> None:
    engagement = service.begin(Beginning(organisation="Lang", role="SL", training_planned="yes"), "nb")
    for number in range(60):
        service.describe_action(engagement, service.begin_action(engagement), {"title": f"Tiltak {number}"})

    slides = opened(gather(service, engagement, "nb", written_on=WRITTEN))

    assert re.search(r"… og \d+ rader til", everything(slides))
    inside(slides)
    roomy(slides)


# ---------------------------------------------------------------- looks


def test_colour_logo_and_sender_are_the_organisations_in_our_template(norwegian: Dossier) -> None:
    logo = io.BytesIO()
    Image.new("RGB", (400, 100), "navy").save(logo, "PNG")
    slides = opened(branded(norwegian, colour="#334455", logo=logo.getvalue(), sender="Fjord & Råd"))

    assert [s.name for s in slides.slides[0].shapes if s.shape_type == 13] != []
    assert all("Fjord & Råd" in words(slide) for slide in slides.slides)
    theme = slides.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    assert re.search(r"<a:accent1>\s*<a:srgbClr val=\"334455\"/>", theme)
    inside(slides)


def test_the_file_says_what_it_is_who_it_comes_from_and_when(norwegian: Dossier) -> None:
    about = opened(branded(norwegian, sender="Fjord & Råd")).core_properties

    assert about.title == f"Egenvurdering av salgsprosessen: {norwegian.results.engagement.name}"
    assert (about.author, about.last_modified_by, about.language) == ("Fjord & Råd", "Fjord & Råd", "nb-NO")
    assert about.created.date() == WRITTEN


def test_headings_in_a_colour_nobody_can_read_stay_in_ink(norwegian: Dossier) -> None:
    slides = opened(branded(norwegian, colour="#ffee55"))
    theme = slides.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()

    assert re.search(r"<a:dk2>\s*<a:srgbClr val=\"14222B\"/>", theme)


@pytest.fixture(scope="module")
def own_template() -> bytes:
    """Somebody's template: 4:3, other names and colours, a picture in the master, and slides of another client."""
    file = Presentation()
    for number, layout in enumerate(file.slide_layouts):
        layout.name = f"Oppsett {number}"
    part = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = re.sub(rb"<a:accent1>.*?</a:accent1>", b'<a:accent1><a:srgbClr val="AA00BB"/></a:accent1>', part.blob)
    for number in range(3):
        slide = file.slides.add_slide(file.slide_layouts[1])
        slide.shapes.title.text = f"Hemmelig kunde {number}"
        slide.notes_slide.notes_text_frame.text = "Hemmelig notat"
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG")
    file.slides[0].shapes.add_picture(picture, 0, 0)
    # a button in the master leads to a slide, and sections name them
    r_id = file.slide_master.part.relate_to(file.slides[0].part, RELATIONSHIP_TYPE.SLIDE)
    link = f'<a:hlinkClick xmlns:a="{NS_A}" xmlns:r="{NS_R}" r:id="{r_id}" action="ppaction://hlinksldjump"/>'
    file.slide_master.placeholders[0]._element.xpath(".//p:cNvPr")[0].append(parse_xml(link))
    section = f'<p:extLst xmlns:p="{NS_P}"><p:ext uri="s"><s name="Hemmelig del" xmlns="urn:s"/></p:ext></p:extLst>'
    for known in file.part._element.findall(qn("p:extLst")):
        file.part._element.remove(known)
    file.part._element.append(parse_xml(section))
    file.core_properties.author = "Hemmelig forfatter"
    stored = io.BytesIO()
    file.save(stored)
    return stored.getvalue()


NS_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
NS_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
NS_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_their_template_gives_master_layouts_colours_and_format(
    service: Service, own_template: bytes, language: Language
) -> None:
    dossier = gather(service, service.open_demo(), language, written_on=WRITTEN)
    slides = opened(branded(dossier, template=own_template, colour="#334455"))
    theme = slides.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob

    assert b"AA00BB" in theme
    assert b"334455" not in theme
    assert {slide.slide_layout.name for slide in slides.slides} == {"Oppsett 0", "Oppsett 1", "Oppsett 5"}
    assert slides.slide_width == Inches(10)
    assert 12 <= len(slides.slides) <= 15
    inside(slides)
    roomy(slides)


def test_nothing_of_the_slides_in_their_template_is_left(norwegian: Dossier, own_template: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(deck(branded(norwegian, template=own_template)))) as packed:
        names = packed.namelist()
        held = b"".join(packed.read(name) for name in names)

    slides = [name for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    assert len(names) == len({*names})
    assert len(slides) == 15
    assert b"Hemmelig" not in held
    assert not any("thumbnail" in name or "media/" in name or "docProps/app" in name for name in names)


def without(given: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """The same file with its parts changed, or left out where the change gives None."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given)) as source, zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                packed.writestr(name, content)
        for name, content in (extra or {}).items():
            packed.writestr(name, content)
    return stored.getvalue()


def test_a_template_may_call_its_links_what_it_likes(own_template: bytes) -> None:
    named = re.search(rb"<p:cNvPr[^>]*>\s*<a:hlinkClick[^>]*r:id=\"(\w+)\"", _master(own_template))
    assert named
    odd = named[1] + b"'] | //*["
    given = without(own_template, lambda name, content: content.replace(b'"%s"' % named[1], b'"%s"' % odd))
    assert odd in _master(given)

    stored = io.BytesIO()
    theirs(given).file.save(stored)
    assert b"hlinkClick" not in _master(stored.getvalue())


def _master(given: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(given)) as packed:
        return packed.read("ppt/slideMasters/slideMaster1.xml")


def no_layouts() -> bytes:
    file = Presentation()
    for layout in [*file.slide_layouts][1:]:
        file.slide_layouts.remove(layout)
    stored = io.BytesIO()
    file.save(stored)
    return stored.getvalue()


def bomb() -> bytes:
    """A file that says it becomes a gigabyte."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        packed.writestr("[Content_Types].xml", "presentationml.presentation.main+xml")
        packed.infolist()[0].file_size = 10**9
    return stored.getvalue()


def bad_templates() -> Iterator[tuple[str, bytes]]:
    stored = io.BytesIO()
    Presentation().save(stored)
    good = stored.getvalue()
    yield "not_pptx", b"no zip at all"
    yield "not_pptx", without(good, lambda name, content: None)
    yield "not_pptx", without(good, lambda n, c: c.replace(b"presentationml", b"wordml") if n[0] == "[" else c)
    yield "not_pptx", without(good, lambda n, c: None if n == "ppt/slideMasters/slideMaster1.xml" else c)
    yield "not_pptx", without(good, lambda n, c: c[:200] if n == "ppt/presentation.xml" else c)
    yield "not_pptx", good[: len(good) // 2]
    yield "macros", without(good, lambda n, c: c, {"ppt/vbaProject.bin": b"x"})
    macro = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    main = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    yield "macros", without(good, lambda n, c: c.replace(main, macro) if n[0] == "[" else c)
    yield "too_large", bomb()
    yield "too_large", b"\0" * (TEMPLATE_BYTES_MAX + 1)
    yield "layouts", no_layouts()


@pytest.mark.parametrize(
    ("why", "given"), [*bad_templates()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_no_template_is_refused_with_a_sentence(why: str, given: bytes) -> None:
    with pytest.raises(TemplateRefused) as refused:
        theirs(given)

    assert refused.value.key == f"deck.refused.{why}"
    assert refused.value.key in keys("nb")
    assert refused.value.key in keys("en")


def test_a_template_in_another_colour_draws_its_charts_in_it(norwegian: Dossier, own_template: bytes) -> None:
    drawn = charts(opened(branded(norwegian, template=own_template)))

    assert len(drawn) >= 5
    assert all(b"schemeClr" in chart.part.blob and b"srgbClr" not in chart.part.blob for chart in drawn)
