"""The product's words: gettext catalogues by area, and numbers and dates as each language writes them."""

import datetime as dt
import gettext
import io
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from string import Formatter

from babel import dates
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from assessment.packs import Language

CATALOGUES = Path(__file__).parent
# whose readers get Norwegian; everybody else English
SCANDINAVIAN = ("nb", "nn", "no", "da", "sv")
NO_BREAK = "\u00a0"
_LOCALES: Mapping[Language, str] = {"nb": "nb_NO", "en": "en_GB"}


class MissingTextError(KeyError):
    """A key without words: a fault of ours, never of a reader."""


class Texts:
    """Words and figures in one language.

    `texts("results.none")` gives the words of a key; named values fill its {places}. A value that is a float must be
    formatted by the caller (`number`, `percent`), so that no figure reaches a page in Python's notation.
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._catalogue = _catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        words = self._catalogue.gettext(key)
        if words == key:
            raise MissingTextError(key)
        return words.format(**values) if values else words

    def plural(self, key: str, count: int, **values: object) -> str:
        """The words of `key` for a number of things, with {n} filled in."""
        words = self._catalogue.ngettext(key, f"{key}.many", count)
        if words in (key, f"{key}.many"):
            raise MissingTextError(key)
        return words.format(n=self.number(count, 0), **values)

    def has(self, key: str) -> bool:
        """Whether the key has words; for texts that only some ids have."""
        return self._catalogue.gettext(key) != key

    def number(self, value: float, digits: int = 1, sign: bool = False) -> str:
        """The number as it is read here: 1 234,5 or 1,234.5; half up, with a true minus and unbroken thousands."""
        exact = half_up(value, digits)
        if not exact:
            exact = abs(exact)  # no reader should meet a minus zero
        text = f"{exact:+,}" if sign else f"{exact:,}"
        if self.language == "nb":
            text = text.replace(",", NO_BREAK).replace(".", ",")
        return text.replace("-", "\u2212")

    def short(self, value: float) -> str:
        """The number with one decimal only where it has one: 2, 0,2."""
        exact = half_up(value, 1)
        return self.number(value, 0 if exact == exact.to_integral_value() else 1)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 0 to 1 as per cent: 10 % or 10%."""
        return self.number(share * 100, digits) + (f"{NO_BREAK}%" if self.language == "nb" else "%")

    def day(self, value: dt.date | dt.datetime) -> str:
        """A date in words: 5. oktober 2026."""
        return dates.format_date(value, "d. MMMM y" if self.language == "nb" else "d MMMM y", _LOCALES[self.language])

    def short_day(self, value: dt.date) -> str:
        """A date where there is little room: 5. okt. 2026."""
        return dates.format_date(value, "d. MMM y" if self.language == "nb" else "d MMM y", _LOCALES[self.language])

    def month(self, value: dt.date | dt.datetime) -> str:
        """A month in words: oktober 2026."""
        return dates.format_date(value, "MMMM y", _LOCALES[self.language])

    def listing(self, words: list[str]) -> str:
        """Words as a list in a sentence: a, b og c."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('common.and')} {words[-1]}"


def half_up(value: float, digits: int = 1) -> Decimal:
    """The decimal a reader expects (2.25 gives 2.3); Python's own rounding goes to the even neighbour."""
    return Decimal(repr(round(float(value), 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@cache
def texts(language: Language) -> Texts:
    """The words of a language, read once a process."""
    return Texts(language)


def keys(language: Language) -> dict[str, frozenset[str]]:
    """Every key of a language with the {places} its words have."""
    return {
        str(key): frozenset(name for words in forms for _, name, _, _ in Formatter().parse(words) if name)
        for key, forms in _messages(language).items()
    }


def _messages(language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted((CATALOGUES / language).glob("*.po")):
        for message in _read(file, language):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else message.string or ()
                found[key] = tuple(forms)
    return found


def _read(file: Path, language: Language) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=_LOCALES[language], abort_invalid=True)


@cache
def _catalogue(language: Language) -> gettext.GNUTranslations:
    whole = Catalog(locale=_LOCALES[language])
    for file in sorted((CATALOGUES / language).glob("*.po")):
        for message in _read(file, language):
            if message.id:
                whole.add(message.id, message.string)
    # compiled in memory: a .mo file beside its .po would be a second truth to keep in step
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
