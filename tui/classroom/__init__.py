"""Workshops: the hub that serves a room, the seats in it, and the instructor's board."""
