"""The main screen and the small ones that cover it for a moment."""
