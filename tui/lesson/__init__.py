"""The lesson on the screen: its text, its questions, the checklist of the current step."""
