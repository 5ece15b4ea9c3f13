"""Classroom workshops without a user interface: what is said, what is kept, who is stuck on what, what to report."""
