"""Page layouts: each draws a filing as pages of labelled words. LAYOUTS names them with their share of the mix."""

from __future__ import annotations

from training.synthesis.layouts.official import (
    draw_browser_print,
    draw_landscape,
    draw_official,
    draw_official_older,
)
from training.synthesis.layouts.printed import Layout, Printed
from training.synthesis.layouts.reduced import draw_reduced
from training.synthesis.layouts.typed import draw_typed
from training.synthesis.layouts.typed_free import draw_typed_free
from training.synthesis.layouts.vendor import (
    draw_cards,
    draw_flat,
    draw_horizontal_rules,
    draw_no_rules,
    draw_small_sans,
    draw_thin_rules,
)

LAYOUTS: dict[str, tuple[Layout, float, str]] = {
    "official": (draw_official, 18, "current"),
    "official_older": (draw_official_older, 10, "older"),
    "browser": (draw_browser_print, 10, "current"),
    "reduced": (draw_reduced, 18, "current"),
    "landscape": (draw_landscape, 6, "current"),
    "thin_rules": (draw_thin_rules, 8, ""),
    "horizontal_rules": (draw_horizontal_rules, 8, ""),
    "no_rules": (draw_no_rules, 8, ""),
    "typed": (draw_typed, 9, "typed"),
    "small_sans": (draw_small_sans, 6, ""),
    "typed_free": (draw_typed_free, 4, "typed"),
    "flat": (draw_flat, 5, ""),
    "cards": (draw_cards, 4, ""),
}
"""Name: (function, weight, era of the filings invented for it)."""
TYPED = frozenset(("typed", "typed_free"))
"""Layouts of the years before 2003: none is like any other in more than the typewriter."""

__all__ = ["LAYOUTS", "TYPED", "Layout", "Printed"]
