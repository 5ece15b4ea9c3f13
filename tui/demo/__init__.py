"""Demo mode on the screen: the tutorial's own screen, driven by the autopilot and steered by the instructor."""
