"""Tells cffi the types that are used here in one go.

Each that it meets by name alone costs it six milliseconds: it goes through every name of the library's header once
more. Without this all is the same, a tenth of a second later.
"""

from __future__ import annotations

from typing import Any

POINTED_TO = (
    *("GhosttyTerminal", "GhosttyRenderState", "GhosttyRenderStateRowIterator", "GhosttyRenderStateRowCells"),
    *("GhosttyCellsView", "GhosttyStyle", "GhosttyRenderStateCursor", "GhosttyRenderStateDirty"),
    *("GhosttyCellContentTag", "GhosttyCellWide", "GhosttyStyleId", "GhosttyTerminalModeConfig"),
    *("GhosttyTerminalScreen", "GhosttyTerminalScrollbar", "GhosttySelection", "GhosttyGridRef"),
    *("GhosttyPointCoordinate", "GhosttyPointS", "GhosttyRow", "GhosttyString"),
    *("bool", "size_t", "uint8_t", "uint16_t", "uint32_t"),
)
WHOLE = ("GhosttyStyle", "GhosttyRenderStateCursor", "GhosttySelection")


def learn(ffi: Any) -> None:
    """Put them where ``ffi`` keeps the types that it has met. It is no public place: where it is another one, nothing
    happens."""
    known = getattr(ffi, "_parsed_types", None)
    if not isinstance(known, dict):
        return
    names = [*(f"{name}*" for name in POINTED_TO), *WHOLE]
    members = " ".join(f"{name} m{number};" for number, name in enumerate(names))
    ffi.cdef(f"typedef struct {{ {members} }} NstepsTypes;")
    for name, (_, member) in zip(names, ffi.typeof("NstepsTypes").fields, strict=True):
        known.setdefault(name, (member.type, False))
