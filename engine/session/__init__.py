"""A learner's way through a course: progress, journal, replay, evaluation, and the proof of a course."""
