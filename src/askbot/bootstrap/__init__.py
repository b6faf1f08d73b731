"""The composition root: settings become a running service. Joins all rooms, decides nothing.

`clock`, `database` and `keys` are light, for commands that need no server; `serving` loads everything.
"""
