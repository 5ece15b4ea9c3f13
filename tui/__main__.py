"""``python -m tui`` is ``nsteps``."""

from tui.start import main

main()
