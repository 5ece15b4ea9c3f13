"""A real terminal in a widget: emulator, keys, mouse and the view that joins them."""
