"""QR codes as SVG: drawn by us, since an address that opens something must not go to anybody else's service."""

from functools import lru_cache

import segno

# Dark on light in both themes: many phones do not read a code the other way round.
_DARK, _LIGHT = "#14222B", "#FFFFFF"


@lru_cache(maxsize=1024)
def data_uri(address: str) -> str:
    """The code as the source of an <img>, with the quiet border that readers need; st.html leaves out <svg> itself."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    drawn: str = code.svg_data_uri(scale=4, dark=_DARK, light=_LIGHT, border=4)
    return drawn
