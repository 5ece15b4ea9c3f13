"""The tutorial in a browser: a guarded web server, and the same application with a driver that talks to it."""
