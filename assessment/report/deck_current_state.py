"""Slides of today's situation: key figures, the value stream with its bottleneck, waste and processes."""

from typing import Final

from assessment.files.formulas import as_text
from assessment.mapping.kpis import KpiReading
from assessment.mapping.waste import WasteRegister
from assessment.report.dossier import Dossier
from assessment.report.slide_template import Box
from assessment.report.slides import INK, NOTE, Page, Say, Series, Slides
from assessment.texts import half_up
from assessment.wording import kpi_words, process_words, reader, stream_words, waste_words, words

FEW: Final = 4  # key figures that leave room for a chart


def _told(dossier: Dossier, what: str) -> str:
    """Whose description a slide rests on, and the day it was read."""
    facts = words.about(dossier.results)[: 2 if dossier.results.engagement.fictional else 1]
    return " · ".join([*facts, what, reader.texts()("deck.told", day=reader.texts().day(dossier.written_on))])


# ---------------------------------------------------------------- key figures


def key_figures(slides: Slides, dossier: Dossier) -> bool:
    """The key figures with what their points say, and where they are to be."""
    texts, known = reader.texts(), [r for r in dossier.kpis if r.points]
    if not known:
        return False
    better = sum(r.series is not None and r.series.state == "signal_better" for r in known)
    title = texts.plural("deck.kpis", better, of=texts.number(len(known), 0))
    points = texts.plural("deck.points", sum(len(r.points) for r in known))
    page = slides.page(title, _told(dossier, points))
    head = [texts(f"deck.column.{name}") for name in ("kpi", "latest", "says", "points", "goal")]
    rows = [_kpi(dossier, found) for found in known]
    area, place = page.area, None
    if len(rows) <= FEW:
        area, place = page.area.rows(int(page.area.height * 0.55))
    page.table(area, head, rows, alt=texts("deck.alt.kpis", n=len(rows)), shares=(2.2, 2, 4.6, 1, 2.2))
    if place is not None:
        _over_time(page, place, max(known, key=_telling))
    page.notes([texts("deck.notes.kpis"), *(line for r in known for line in kpi_words.sentences(r))])
    return True


def _telling(found: KpiReading) -> tuple[bool, int]:
    """How much there is to see in a key figure's points: a signal first, then how many they are."""
    return found.series is not None and bool(found.series.marks), len(found.points)


def _over_time(page: Page, box: Box, found: KpiReading) -> None:
    """The points of a key figure with the centre line of each stretch."""
    texts, said = reader.texts(), kpi_words.said(found)
    values, centres = [point.value for point in found.points], [0.0] * len(found.points)
    for segment in found.series.segments if found.series is not None else ():
        centres[segment.first :] = [segment.chart.centre] * (len(centres) - segment.first)
    name = as_text(said.name)  # the workbook behind a chart would run a formula
    measured = Series(name, values, 0)
    centre = Series(texts("deck.centre"), [float(half_up(c, 2)) for c in centres], INK, dashed=True)
    first, last = (texts.short_day(found.points[at].on) for at in (0, -1))
    page.lines(
        box,
        [texts.short_day(point.on) for point in found.points],
        [measured, centre],
        alt=texts("deck.alt.kpi", name=said.name, first=first, last=last, says=kpi_words.sentences(found)[0]),
        form="General",
        unit=said.unit,
        below="",
    )


def _kpi(dossier: Dossier, found: KpiReading) -> list[str]:
    texts, said, last = reader.texts(), kpi_words.said(found), found.points[-1]
    goals = [
        texts(
            "deck.goal",
            value=kpi_words.with_unit(goal.target_value or 0.0, said.unit or goal.unit or ""),
            day=texts.short_day(goal.due_on),
        )
        for goal in dossier.goals.goals
        if goal.kpi_id == found.kpi.id and goal.due_on is not None
    ]
    latest = texts("deck.latest", value=kpi_words.with_unit(last.value, said.unit), day=texts.short_day(last.on))
    says = f"{kpi_words.standing(found)}. {kpi_words.sentences(found)[0]}"
    return [said.name, latest, says, texts.number(len(found.points), 0), "; ".join(goals) or texts("deck.no_goal")]


# ---------------------------------------------------------------- the value stream


def stream(slides: Slides, dossier: Dossier) -> bool:
    """The stages with their times and loads, the one at the bottleneck in bold, and the chain's figures."""
    texts, found = reader.texts(), dossier.stream
    if not found.chain:
        return False
    chain, full = found.flow, found.flow.bottleneck
    counted = texts.plural("deck.stages", len(found.chain))
    title = counted if chain.lead_time_h is None else _length(dossier)
    if full is not None and chain.pool(full).rho is not None:
        load = texts.percent(chain.pool(full).rho or 0.0)
        title = texts("deck.stream.full", pool=stream_words.name_of(found, full), load=load)
    page = slides.page(title, _told(dossier, counted))
    area, place = page.area.rows(NOTE * 2)
    rows = stream_words.strip_rows(found, found.chain)
    cells = [
        (
            ("◆ " if row["bottleneck"] else "") + row["title"],
            row["department"] or texts("common.unknown"),
            stream_words.figure("wait_h", row["wait_h"]),
            stream_words.figure("wait_h", row["work_h"]),
            stream_words.figure("complete_accurate_share", stage.complete_accurate_share),
            texts("stream.pool_load", pool=row["pool"], load=texts.percent(row["rho"]))
            if row["pool"]
            else texts("common.not_assessed"),
        )
        for row, stage in zip(rows, found.chain, strict=True)
    ]
    head = [texts(f"deck.column.{name}") for name in ("stage", "department", "waits", "work", "usable", "load")]
    strong = [at for at, row in enumerate(rows) if row["bottleneck"]]
    alt = texts("deck.alt.stream", n=len(rows), bottleneck=stream_words.load_of(found, full))
    page.table(area, head, cells, alt=alt, shares=(2.6, 1.8, 1.1, 1.1, 1.6, 2.2), strong=strong)
    shown = stream_words.flow_figures(found)
    names = ("lead_time_h", "process_time_h", "flow_efficiency", "rty")
    figures = " · ".join(f"{texts(f'stream.flow.{name}')}: {shown[name]}" for name in names)
    page.text(place, [Say(figures)])
    every = [f"{texts(f'stream.flow.{name}')}: {value}" for name, value in shown.items()]
    page.notes([texts("deck.notes.stream"), *every])
    return True


def _length(dossier: Dossier) -> str:
    shown = stream_words.flow_figures(dossier.stream)
    return reader.texts()("deck.stream.length", lead=shown["lead_time_h"], work=shown["process_time_h"])


# ---------------------------------------------------------------- waste and processes


def waste(slides: Slides, dossier: Dossier) -> bool:
    """Hours by kind of waste, and what two sides disagree on among the processes."""
    texts, register = reader.texts(), dossier.waste
    beside = [*_wasted(register), *_processes(dossier)]
    if not beside:
        return False
    page = slides.page(_waste_lead(dossier), _told(dossier, texts.plural("deck.rows", len(register.rows))))
    hours, area = register.hours_by_waste, page.area
    if hours:
        area, place = page.area.columns(0.58)
        names = [texts(f"waste.name.{code}") for code in hours]
        listed = "; ".join(f"{name}: {texts.short(h)}" for name, h in zip(names, hours.values(), strict=True))
        series = [Series(texts("deck.hours"), [float(half_up(h)) for h in hours.values()], 0)]
        page.bars(area, names, series, alt=texts("deck.alt.waste", of=listed), form="#,##0")
        area = place
    page.text(area, [Say(line, bullet=True) for line in beside])
    page.notes([texts("deck.notes.waste"), *beside])
    return True


def _waste_lead(dossier: Dossier) -> str:
    if dossier.waste.rows:
        return waste_words.message(dossier.waste)[0]
    counted = reader.texts().plural("processes.counted", len(dossier.processes.processes))
    return reader.texts()("deck.processes", counted=counted)


def _wasted(register: WasteRegister) -> list[str]:
    return [line for line in waste_words.message(register)[1:] if line] if register.rows else []


def _processes(dossier: Dossier) -> list[str]:
    texts, found = reader.texts(), dossier.processes
    if not found.processes:
        return []
    said = [texts.plural("processes.counted", len(found.processes))]
    if found.hours_month:
        said = [texts("processes.lead_hours", counted=said[0], hours=texts.short(found.hours_month)) + "."]
    if found.comparison is not None:
        lead, *more = process_words.sentences(found)
        said += [f"{lead}.", *more]
    return said
