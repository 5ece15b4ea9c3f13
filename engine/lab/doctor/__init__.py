"""What a lab needs on this machine: looked for, tried, and explained.

:func:`examine` gathers :class:`Facts` (by looking and trying; it changes nothing), and :func:`findings` turns them into
what a person should know: a pure function, so that every cause can be tested without the machine that has it.
"""

from engine.lab.doctor.causes import all_well, findings, install_everything
from engine.lab.doctor.examination import examine
from engine.lab.doctor.facts import Facts, Finding, LabTrial, Remedy, Tool, Trial

__all__ = [
    "Facts",
    "Finding",
    "LabTrial",
    "Remedy",
    "Tool",
    "Trial",
    "all_well",
    "examine",
    "findings",
    "install_everything",
]
