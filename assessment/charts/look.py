"""What every chart shares: colours, shapes, sizes, and how a specification leaves this package."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt
from altair.utils import schemapi

from assessment.texts import Texts

# to validate every part as it is made would be half the time a chart takes; the tests validate whole specifications
schemapi.disable_debug_mode()

# name: (light, dark); the names of the visual language. Contrasts and colour-vision distances are tested.
COLOURS: Final = {
    "bg": ("#FFFFFF", "#10191E"),
    "surface": ("#F3F6F7", "#1B272E"),
    "line": ("#D5DDE1", "#35444C"),
    "edge": ("#7A8790", "#7F919B"),
    "ink": ("#14222B", "#E9F0F2"),
    "muted": ("#4C5B65", "#AEBCC3"),
    "accent": ("#0B5566", "#7CC7D4"),
    "level1": ("#D8ECF0", "#26444B"),
    "level2": ("#A3CED8", "#2F636E"),
    "level3": ("#69AAB9", "#448B9A"),
    "level4": ("#287C8C", "#74B5C4"),
    "level5": ("#06515F", "#BFE3EC"),
    "on_level1": ("#14222B", "#E9F0F2"),
    "on_level2": ("#14222B", "#E9F0F2"),
    "on_level3": ("#14222B", "#0C1A1F"),
    "on_level4": ("#FFFFFF", "#0C1A1F"),
    "on_level5": ("#FFFFFF", "#0C1A1F"),
    "leadership": ("#6B2350", "#F7B3D6"),
    "sellers": ("#B8490F", "#F2853D"),
    "surroundings": ("#2A6CB8", "#559FF5"),
    "consultant": ("#4C5B65", "#AEBCC3"),
    "attention": ("#955900", "#F5CE7A"),
    "stop": ("#8C1128", "#F4717C"),
}
# in the order of the lanes of a row
SHAPES: Final = {
    "sellers": "circle",
    "surroundings": "square",
    "leadership": "diamond",
    "consultant": "triangle-up",
}
FONT: Final = "Source Sans, Segoe UI, Helvetica, Arial, sans-serif"
NARROW_BELOW: Final = 700  # under this the column of names would leave the five level bands less than 60 px each
EM: Final = (
    0.52  # mean width of a character in Source Sans 600: our names 0.43 to 0.49 em, and room for a fallback font
)


@dataclass(frozen=True)
class Look:
    """How a chart is to be drawn.

    theme: "auto" follows the page in the browser; "light" or "dark" for pictures, whose renderer knows no light-dark().
    width: None fills the container. scale: 1.35 is the projector.
    """

    texts: Texts
    theme: Literal["auto", "light", "dark"] = "auto"
    width: int | None = None
    scale: float = 1.0

    def colour(self, name: str) -> str:
        """The colour of this name in the theme."""
        light, dark = COLOURS[name]
        return {"light": light, "dark": dark}.get(self.theme, f"light-dark({light}, {dark})")

    def size(self, px: float) -> float:
        """Pixels at this scale."""
        return round(px * self.scale, 1)

    def room(self, text: str, size: float) -> float:
        """Pixels to set aside for a text of this size, where the layout must be known before the browser measures."""
        return round(len(text) * EM * size * self.scale, 1)


def spec(chart: alt.LayerChart) -> dict[str, Any]:
    """The Vega-Lite specification, ready for `st.vega_lite_chart`, each layer with its own data.

    Altair gathers the data under `datasets`; Streamlit would send that as one Arrow table each, twenty a chart.
    Every part was validated when it was made; the whole once more would be 25 ms of 85.
    """
    found: dict[str, Any] = chart.to_dict(validate=False)
    datasets = found.pop("datasets", {})
    layers = list(found["layer"])
    while layers:
        layer = layers.pop()
        layers += layer.get("layer", [])
        if "name" in layer.get("data", {}):
            layer["data"] = {"values": datasets[layer["data"]["name"]]}
    return found
