"""Figures as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import fields, session


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    monkeypatch.setattr(session, "language", lambda: request.param)
    return str(request.param)


@pytest.mark.parametrize(
    ("speaking", "typed", "value"),
    [
        ("nb", "0,25", 0.25),
        ("nb", "0.25", 0.25),
        ("nb", " 1\u00a0250,5 ", 1250.5),
        ("nb", ",5", 0.5),
        ("nb", "1,250", 1.25),
        ("en", "1,250", 1250.0),
        ("en", "1,250.5", 1250.5),
        ("en", "1,25", 1.25),
        ("nb", "", None),
        ("nb", "  ", None),
    ],
    indirect=["speaking"],
)
def test_a_number_is_read_as_the_language_writes_it(speaking: str, typed: str, value: float | None) -> None:
    assert fields.read(typed, share=False) == value


@pytest.mark.parametrize(
    ("speaking", "typed", "value"),
    [("nb", "85", 0.85), ("nb", "85 %", 0.85), ("en", "62.5%", 0.625), ("nb", "0", 0.0), ("nb", "0,5 %", 0.005)],
    indirect=["speaking"],
)
def test_a_share_is_typed_in_per_cent(speaking: str, typed: str, value: float) -> None:
    assert fields.read(typed, share=True) == pytest.approx(value)


@pytest.mark.parametrize("speaking", ["nb", "en"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "share", "key"),
    [
        ("mye", False, "fields.not_a_number"),
        ("-1", False, "fields.not_a_number"),
        ("1e3", False, "fields.not_a_number"),
        ("inf", False, "fields.not_a_number"),
        ("1.2.3", False, "fields.not_a_number"),
        ("1000000001", False, "fields.too_large"),
        ("101", True, "fields.not_a_share"),
        ("0,85", True, "fields.not_a_share"),
        ("nesten alt", True, "fields.not_a_share"),
    ],
)
def test_what_is_no_figure_is_refused(speaking: str, typed: str, share: bool, key: str) -> None:
    with pytest.raises(fields.Refused, match=key):
        fields.read(typed, share=share)


@pytest.mark.parametrize("language", ["nb", "en"])
@given(value=st.integers(0, 10**9).map(lambda n: n / 1000), share=st.booleans())
def test_what_is_shown_is_read_back_as_it_was(language: str, value: float, share: bool) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "language", lambda: language)
        if share:
            value = round(value % 1, 3)
        shown = fields._shown(value, share)
        if share and 0 < value < 0.01:
            shown += "%"
        assert fields.read(shown, share=share) == pytest.approx(value)
