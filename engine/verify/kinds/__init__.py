"""One module for each family of checks: what must hold (``expected``), and whether it does (``judge``)."""
