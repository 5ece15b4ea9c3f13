"""Decides whether a learner did it, and tells a stuck one why not: checks, probes, verdicts, explanations."""

from engine.verify.evaluate import PROBE_KINDS, STATE_KINDS, evaluate, evaluate_state
from engine.verify.fields import validate
from engine.verify.verdict import Verdict

__all__ = ["PROBE_KINDS", "STATE_KINDS", "Verdict", "evaluate", "evaluate_state", "validate"]
