"""The headless commands, one file each; every one holds a click command named ``command``."""
