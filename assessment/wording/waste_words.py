"""The waste register in sentences and in the rows of its chart."""

from typing import Final

import pandas as pd

from assessment.engagement import WasteCode, WasteRow
from assessment.mapping.waste import WasteRegister
from assessment.wording import money, reader, words

LEAST_WHOLE: Final = 0.01  # below this a share in whole per cent would read as nothing


def message(register: WasteRegister) -> list[str]:
    """How much goes without use, of what kind, and how much of it may be changed."""
    texts = reader.texts()
    if not register.rows:
        return [texts("waste.lead_empty"), texts("waste.rule")]
    hours = texts.short(register.hours_month)
    if not register.hours_month:
        return [texts.plural("waste.lead_no_hours", len(register.rows)), texts("waste.rule")]
    more = " ".join([*_most(register), *_within(register)])
    if register.share is not None:
        share, available = texts.percent(register.share), texts.short(register.available_h or 0.0)
        return [texts("waste.lead", share=share, hours=hours, available=available), more]
    lead = texts("waste.lead_hours", hours=hours)
    return [lead, more] if register.counted_twice_h else [lead, more, texts("waste.no_share")]


def _most(register: WasteRegister) -> list[str]:
    texts, code = reader.texts(), register.largest
    if code is None:
        return []
    hours = texts.short(register.hours_by_waste[code])
    return [texts("waste.most", name=words.lower_first(name(code)), hours=hours)]


def _within(register: WasteRegister) -> list[str]:
    texts, cost = reader.texts(), register.cost_nok
    return [
        *([texts("waste.within", hours=texts.short(register.in_mandate_h))] if register.in_mandate_h else []),
        *([texts("waste.cost", amount=money.amount(cost, register.currency))] if cost is not None else []),
    ]


def bars(register: WasteRegister) -> pd.DataFrame:
    """A row for each kind of waste with hours, as `charts.waste_hours` wants them."""
    texts, known = reader.texts(), register.share is not None
    return pd.DataFrame(
        {
            "title": name(code),
            "hours": hours,
            "said": texts("waste.bar_share", hours=texts.short(hours), share=_share_of(register, hours))
            if known
            else texts("waste.bar", hours=texts.short(hours)),
        }
        for code, hours in register.hours_by_waste.items()
    )


def _share_of(register: WasteRegister, hours: float) -> str:
    share = hours / register.available_h if register.available_h else 0.0
    return reader.texts().percent(share, 0 if share >= LEAST_WHOLE else 1)


def called(row: WasteRow) -> str:
    """A row of waste by its kind and its description."""
    return f"{name(row.code)}: {row.description}" if row.description else name(row.code)


def name(code: WasteCode) -> str:
    """A kind of waste by name."""
    return reader.texts()(f"waste.name.{code}")
