"""The state of the lab's network on the screen, live."""
