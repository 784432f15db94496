"""The value stream in words and rows: names of its parts, and what its charts and tables show."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.current_state.value_stream import utilisation_band
from assessment.engagement import PoolId, Stage, StageId
from assessment.mapping.stream import Change, Flow, PoolUse, Stream, crosses, process_time_h
from assessment.wording import reader, words

SHARES = {"complete_accurate_share", "conversion_share", "flow_share", "reentry_share"}
HOURS = {"wait_h", "process_time_h", "hours_month"}

ROOM = ("slack", "ok")


def stage_name(stage: Stage) -> str:
    """A stage's name; the template's own in the reader's language."""
    texts = reader.texts()
    known = stage.code is not None and texts.has(f"stream.stage.{stage.code}")
    return texts(f"stream.stage.{stage.code}") if known else stage.name


def name_of(stream: Stream, id_: str | None) -> str:
    """The name of a stage, a step or a pool of the stream."""
    stage, pool = stream.stage(id_), stream.pool(id_)
    return stage_name(stage) if stage else pool.name if pool else ""


def stages(stream: Stream, ids: Sequence[StageId]) -> str:
    """Stages as a list in a sentence."""
    return reader.texts().listing([name_of(stream, id_) for id_ in ids])


def figure(field: str, value: float | None) -> str:
    """A figure of a stage or a pool with its unit."""
    texts = reader.texts()
    if value is None:
        return texts("common.not_assessed")
    if field in SHARES:
        return texts.percent(value)
    return texts("stream.hours", hours=short(value)) if field in HOURS else short(value)


def short(value: float) -> str:
    """A number with as many decimals as it needs, two at most."""
    texts = reader.texts()
    return texts.number(value, 2) if 0 < value < 1 and round(value, 1) != round(value, 2) else texts.short(value)


def strip_rows(stream: Stream, chain: Sequence[Stage]) -> list[dict[str, Any]]:
    """A row for each stage or step of a chain, as `charts.stage_strip` wants them."""
    uses = {use.id: use for use in stream.flow.pools}
    rows = []
    for i, stage in enumerate(chain):
        before, work_h = chain[i - 1] if i else None, process_time_h(stage)
        busiest = max((uses[p] for p in stage.work if uses[p].rho is not None), key=lambda u: u.rho or 0, default=None)
        rows.append(
            {
                "title": stage_name(stage),
                "department": stage.department,
                "wait_h": stage.wait_h,
                "customer": stage.wait_side == "customer",
                "work_h": work_h,
                "wait": _time("wait", stage.wait_h),
                "work": _time("work", work_h),
                "incoming": before.complete_accurate_share if before else None,
                "crosses": before is not None and crosses(before, stage),
                "pool": name_of(stream, busiest.id) if busiest else None,
                "rho": busiest.rho if busiest else None,
                "band": busiest.band if busiest else None,
                "bottleneck": busiest is not None and busiest.id == stream.flow.bottleneck,
            }
        )
    return rows


def _time(kind: str, hours: float | None) -> str:
    texts = reader.texts()
    return texts(f"stream.{kind}_unknown") if hours is None else texts(f"stream.{kind}", hours=short(hours))


def load_rows(stream: Stream, before: Flow | None = None) -> list[dict[str, Any]]:
    """A row for each pool, as `charts.pool_load` wants them; before: to compare with."""
    return [
        {
            "title": name_of(stream, use.id),
            "rho": use.rho,
            "plain": use.rho_without_rework,
            "band": use.band,
            "hours": _hours(use),
            "reason": reader.texts()("stream.no_capacity" if use.capacity_h is None else "stream.no_load"),
            **({"before": before.pool(use.id).rho} if before else {}),
        }
        for use in stream.flow.pools
    ]


def _hours(use: PoolUse) -> str:
    if use.load_h is None or use.capacity_h is None:
        return ""
    load, capacity = (reader.texts().short(hours) for hours in (use.load_h, use.capacity_h))
    return reader.texts()("stream.hours_known", load=load, capacity=capacity)


def flow_figures(stream: Stream) -> Mapping[str, str]:
    """The key figures of the chain in words, by their field; the bottleneck last."""
    texts, found = reader.texts(), stream.flow
    days = {"lead_time_h": found.lead_time_h, "process_time_h": found.process_time_h}
    shares = {
        "flow_efficiency": found.flow_efficiency,
        "flow_efficiency_own": found.flow_efficiency_own,
        "rty": found.rty,
        "ca_geo": found.ca_geo,
        "conversion": found.conversion,
        "internal_wait_share": found.internal_wait_share,
    }
    shown = {name: figure("wait_h", value) for name, value in days.items()}
    shown |= {
        name: texts("common.not_assessed") if value is None else texts.percent(value, 1)
        for name, value in shares.items()
    }
    return shown | {"bottleneck": load_of(stream, found.bottleneck)}


def load_of(stream: Stream, pool_id: PoolId | None) -> str:
    """A pool with its load: Presales, 102 %."""
    texts = reader.texts()
    rho = None if pool_id is None else stream.flow.pool(pool_id).rho
    if rho is None:
        return texts("common.not_assessed")
    return texts("stream.pool_load", pool=name_of(stream, pool_id), load=texts.percent(rho))


def change_name(stream: Stream, change: Change) -> str:
    """What a change is of: a stage, a pool, or a pool's work in a stage."""
    if change.stage_id is not None and change.pool_id is not None:
        pool, stage = name_of(stream, change.pool_id), name_of(stream, change.stage_id)
        return reader.texts()("stream.of_pool", pool=pool, stage=stage)
    return name_of(stream, change.stage_id or change.pool_id)


def today(stream: Stream, change: Change) -> float | None:
    """The number a change is of, as it is told."""
    stage, pool = stream.stage(change.stage_id), stream.pool(change.pool_id)
    if stage is not None and change.pool_id is not None:
        return stage.work.get(change.pool_id)
    value: float | None = getattr(stage or pool, change.field, None)
    return value


def message(stream: Stream) -> list[str]:
    """Where the chain is full, how fast it flows, and what is not known of it."""
    texts, flow = reader.texts(), stream.flow
    rest = []
    if flow.lead_time_h is not None and flow.flow_efficiency is not None:
        own = words.share(flow.flow_efficiency_own)
        lead, work = texts.short(flow.lead_time_h), texts.short(flow.process_time_h or 0.0)
        rest.append(texts("stream.flow", lead=lead, work=work, share=texts.percent(flow.flow_efficiency), own=own))
    if flow.rty is not None:
        rest.append(texts("stream.rty", share=texts.percent(flow.rty)))
    if stream.missing:
        lacks = [texts.plural(f"stream.missing.{name}", n) for name, n in stream.missing.items()]
        rest.append(texts("stream.missing", what=texts.listing(lacks)))
    return [_lead(stream), *rest]


def _lead(stream: Stream) -> str:
    texts, full = reader.texts(), stream.flow.bottleneck
    rho = None if full is None else stream.flow.pool(full).rho
    if rho is None:
        return texts("stream.lead_unknown")
    key = "stream.lead_room" if utilisation_band(rho) in ROOM else "stream.lead_full"
    return texts(key, pool=name_of(stream, full), load=texts.percent(rho))


def chain_claim(stream: Stream) -> str:
    """Where a case waits longest, as a heading."""
    texts = reader.texts()
    longest = max(stream.chain, key=lambda s: s.wait_h or 0.0)
    if not longest.wait_h:
        ends = (stream.chain[0], stream.chain[-1])
        first, last = (stage_name(stage) for stage in ends)
        return texts("stream.chain", first=first, last=last)
    key = "stream.chain_longest_customer" if longest.wait_side == "customer" else "stream.chain_longest"
    name = stage_name(longest)
    return texts(key, stage=name, hours=texts.short(longest.wait_h))


def fullest(stream: Stream) -> PoolUse | None:
    """The bottleneck, where its load and capacity are known."""
    full = stream.flow.bottleneck
    use = None if full is None else stream.flow.pool(full)
    return None if use is None or use.load_h is None or use.capacity_h is None else use


def load_claim(stream: Stream, use: PoolUse | None) -> str:
    """What the bottleneck is asked for and what it has."""
    texts = reader.texts()
    if use is None:
        return texts("stream.load_unknown")
    load, capacity = texts.short(use.load_h or 0.0), texts.short(use.capacity_h or 0.0)
    return texts("stream.load", pool=name_of(stream, use.id), load=load, capacity=capacity)


def bottleneck_why(stream: Stream, use: PoolUse) -> list[str]:
    """How the bottleneck comes about, and the quality upstream that would free it."""
    texts, lever = reader.texts(), stream.lever
    plain, load = words.share(use.rho_without_rework), words.share(use.rho)
    name = name_of(stream, use.id)
    why = [texts("stream.why.works", pool=name, stages=stages(stream, use.stages))]
    if plain != load:
        why.append(texts("stream.why.rework", plain=plain, load=load))
    if use.short_cases is not None:
        why.append(texts("stream.why.queue", cases=texts.number(use.short_cases, 1)))
    said = [" ".join(why)]
    if lever is not None:
        stage = name_of(stream, lever.change.stage_id)
        share, after = texts.percent(lever.change.value), texts.percent(lever.rho)
        said.append(texts("stream.why.lever", share=share, stage=stage, load=after))
    return said
