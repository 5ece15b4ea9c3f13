"""A packet's path through the lab, walked in a snapshot: where it would stop, and why. Pure; no packet is sent."""

from engine.verify.path.explain import explain
from engine.verify.path.walk import Obstacle, Passage, walk

__all__ = ["Obstacle", "Passage", "explain", "walk"]
