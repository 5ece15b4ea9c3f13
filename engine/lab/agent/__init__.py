"""The agent: one process for each lab that watches the kernel, sends probes and serves the outside world."""
