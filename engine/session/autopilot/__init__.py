"""Demo mode without a screen: plays steps in a real session at a person's pace, and can be steered."""
