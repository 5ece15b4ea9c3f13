"""The manual of a command: which page belongs to it, where in it its options stand, and how it is got from the lab."""
