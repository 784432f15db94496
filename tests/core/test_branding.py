"""Who documents come from: a colour that can be read, and files that are what they say they are."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.branding import CONTRAST_MIN, Unusable, check_logo, contrast, readable
from assessment.engagement import LOGO_BYTES_MAX, TEMPLATE_BYTES_MAX, EngagementId
from assessment.service import Service
from assessment.store import SqliteStore
from tests.report import files


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "branding.db"))


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_one_that_can_be_read_and_one_that_can_stays(colour: int) -> None:
    given = f"#{colour:06x}"
    found = readable(given)

    assert contrast(found) >= CONTRAST_MIN
    assert (found == given) == (contrast(given) >= CONTRAST_MIN)


def test_a_light_colour_is_stored_darker_and_of_the_same_hue(service: Service, demo: EngagementId) -> None:
    service.change_branding(demo, {"colour": "#FFCC00"})

    stored = service.branding(demo).colour
    assert stored is not None
    red, green, blue = (int(stored[at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue == 0
    assert contrast(stored) >= CONTRAST_MIN


def test_a_colour_that_is_none_is_refused(service: Service, demo: EngagementId) -> None:
    with pytest.raises(ValueError, match="colour"):
        service.change_branding(demo, {"colour": "gull"})


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_kept_as_it_is(service: Service, demo: EngagementId, kind: str) -> None:
    service.change_branding(demo, {"logo": files.picture(kind)})

    assert service.branding(demo).logo == files.picture(kind)


def bomb(side: int) -> bytes:
    """Less than a kilobyte that says it is a square picture of this many pixels a side."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 60)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.picture("GIF"), "logo_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo_kind"),
        (b"", "logo_kind"),
        (files.picture()[:60], "logo_broken"),
        (bomb(5_000), "logo_pixels"),
        (bomb(20_000), "logo_pixels"),
        (b"\x89PNG" + b"\0" * LOGO_BYTES_MAX, "logo_large"),
    ],
)
def test_what_is_no_picture_one_can_print_is_refused(
    service: Service, demo: EngagementId, content: bytes, why: str
) -> None:
    with pytest.raises(Unusable) as refused:
        service.change_branding(demo, {"logo": content})

    assert refused.value.why == why
    assert service.branding(demo).logo is None


def test_a_picture_of_many_pixels_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    def unpacked(picture: Image.Image) -> None:
        raise AssertionError

    monkeypatch.setattr(Image.Image, "load", unpacked)
    with pytest.raises(Unusable, match="logo_pixels"):
        check_logo(bomb(5_000))


def test_a_template_has_a_limit(service: Service, demo: EngagementId) -> None:
    with pytest.raises(Unusable, match="template_large"):
        service.change_branding(demo, {"template": b"x" * (TEMPLATE_BYTES_MAX + 1)})
