"""Colours and type of the figures, for light and dark pages alike.

Classes with plain colours rather than CSS variables: every renderer of SVG knows them. A figure brings its own ground,
so that it can be read wherever it is put.
"""

from __future__ import annotations

MONOSPACE = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
SANS = "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans','Liberation Sans',sans-serif"
CHARACTER = 0.602
"""Width of a monospace character, in font sizes."""

PALETTE: dict[str, tuple[str, str, str]] = {
    # class: property, light, dark
    "ground": ("fill", "#ffffff", "#0d1117"),
    "host": ("fill", "#f6f8fa", "#161b22"),
    "host-line": ("stroke", "#afb8c1", "#4a535f"),
    "space": ("fill", "#eef6ff", "#0f2038"),
    "space-line": ("stroke", "#7fb0e0", "#31619c"),
    "panel": ("fill", "#ffffff", "#0d1117"),
    "panel-line": ("stroke", "#d1d9e0", "#343b45"),
    "port": ("fill", "#ffffff", "#0d1117"),
    "port-line": ("stroke", "#6e7781", "#8b949e"),
    "bridge": ("fill", "#f4ecfe", "#261c3c"),
    "bridge-line": ("stroke", "#9a6ce0", "#9a75d8"),
    "outside": ("fill", "#f6f8fa", "#161b22"),
    "outside-line": ("stroke", "#afb8c1", "#4a535f"),
    "gate": ("fill", "#eefaf1", "#10251a"),
    "gate-line": ("stroke", "#4aa566", "#2f8547"),
    "nat": ("fill", "#fff4e8", "#2b1d0f"),
    "nat-line": ("stroke", "#d98a3d", "#b9742e"),
    "chosen": ("fill", "#ddeeff", "#13315a"),
    "text": ("fill", "#1f2328", "#e6edf3"),
    "quiet": ("fill", "#59636e", "#9ba4ae"),
    "flow-text": ("fill", "#0860c4", "#6cb0ff"),
    "cable": ("stroke", "#7d8793", "#6b7480"),
    "sleeve": ("stroke", "#ffffff", "#0d1117"),
    "flow": ("stroke", "#0969da", "#58a6ff"),
    "flow-head": ("fill", "#0969da", "#58a6ff"),
    "up": ("fill", "#1a7f37", "#3fb950"),
    "no-carrier": ("fill", "#bf8700", "#d29922"),
    "down": ("fill", "#8c959f", "#6e7681"),
}

_RULES = (
    f"text{{font:13px {MONOSPACE};text-anchor:middle}}"
    ".name{font-weight:600}"
    f".title{{font:600 15px {SANS};text-anchor:start}}"
    f".place{{font:600 13px {SANS}}}"
    ".row{font-size:12px;text-anchor:start}"
    ".small{font-size:12px}"
    ".head{font-size:11px;text-anchor:start;letter-spacing:.02em}"
    ".lost{text-decoration:line-through}"
    ".line{fill:none;stroke-width:2}"
    ".stem{fill:none;stroke-width:2}"
    ".tube{fill:none;stroke-width:8}"
    ".core{fill:none;stroke-width:5}"
    ".off{stroke-dasharray:4 5}"
    ".flow{fill:none;stroke-width:2;stroke-linejoin:round}"
)


def style() -> str:
    """The style sheet of a figure."""
    light = "".join(f".{name}{{{kind}:{value}}}" for name, (kind, value, _) in PALETTE.items())
    dark = "".join(f".{name}{{{kind}:{value}}}" for name, (kind, _, value) in PALETTE.items())
    return f"{_RULES}\n{light}\n@media (prefers-color-scheme:dark){{{dark}}}"
