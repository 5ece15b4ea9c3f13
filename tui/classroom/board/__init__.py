"""The instructor's board: who is where, who is stuck on what, and what to do about it. A client of the hub."""
