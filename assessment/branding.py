"""Use cases of what documents look like, and who they come from."""

import io
from collections.abc import Mapping
from typing import Final, Literal, cast

from assessment.engagement import LOGO_BYTES_MAX, TEMPLATE_BYTES_MAX, Branding, EngagementId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.use_cases import UseCases

LOGO_PIXELS_MAX: Final = 12_000_000
CONTRAST_MIN: Final = 4.5  # WCAG 2.2, 1.4.3: words on white
_DARKER: Final = 0.97
_SRGB_LINEAR: Final = 0.04045

Unfit = Literal["logo_large", "logo_kind", "logo_broken", "logo_pixels", "template_large"]


class Unusable(ValueError):  # noqa: N818 - named by what is wrong
    """A picture or a template no document can be made with. why: id of the sentence to show."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why: Unfit = why


class Brandings(UseCases):
    """The sender, the colour, the logo and the template of an assessment's documents."""

    @requires("read")
    def branding(self, engagement_id: EngagementId) -> Branding:
        """Who the documents come from and what they look like; empty before anybody has said."""
        return self._store.branding(self.engagement(engagement_id).id)

    @requires("run")
    def change_branding(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Replace these, others stay; nothing is ours again. A colour too light to read on white becomes a darker one.

        Raises: ValueError; Unusable for a logo or a template that cannot be used.
        """
        fields = {name: filled(value) for name, value in given.items()}
        if isinstance(colour := fields.get("colour"), str):
            fields["colour"] = readable(Branding(colour=colour.lower()).colour or colour)
        if isinstance(logo := fields.get("logo"), bytes):
            check_logo(logo)
        if isinstance(template := fields.get("template"), bytes) and len(template) > TEMPLATE_BYTES_MAX:
            raise Unusable("template_large")
        self._store.change_branding(engagement_id, fields)


def contrast(colour: str) -> float:
    """How well words of a colour "#rrggbb" stand out from white: 1 to 21.

    Source: WCAG 2.2, contrast ratio and relative luminance.
    """
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable(colour: str) -> str:
    """The colour itself, or the nearest darker one of the same hue that can be read on white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    while contrast(colour) < CONTRAST_MIN:
        parts = [int(part * _DARKER) for part in parts]
        colour = "#" + "".join(f"{part:02x}" for part in parts)
    return colour


def _linear(share: float) -> float:
    return share / 12.92 if share <= _SRGB_LINEAR else cast(float, ((share + 0.055) / 1.055) ** 2.4)


def check_logo(content: bytes) -> None:
    """Let a PNG or JPEG picture pass that is one, whatever its file is called. Raises: Unusable."""
    from PIL import Image  # what only reads answers need not wait for it

    if len(content) > LOGO_BYTES_MAX:
        raise Unusable("logo_large")
    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except Image.DecompressionBombError as error:
        raise Unusable("logo_pixels") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unusable("logo_kind") from error
    # a few kilobytes can claim to be a gigabyte of pixels: the size is read before the picture is
    if picture.width * picture.height > LOGO_PIXELS_MAX:
        raise Unusable("logo_pixels")
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise Unusable("logo_broken") from error
