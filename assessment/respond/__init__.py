"""The respondent's surface: plain pages over HTTP for phones, usable without a script and without Streamlit."""

from assessment.respond.room import RoomSurface
from assessment.respond.surface import Surface

__all__ = ["RoomSurface", "Surface"]
