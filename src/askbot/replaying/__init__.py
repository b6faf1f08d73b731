"""Replaying recorded chat (重放): messages in, decisions out, scores, and what other knowledge would have changed.

Knows matching and the domain; knows no database, no network and no terminal.
"""

from askbot.replaying.comparing import Change, compare
from askbot.replaying.messages import Line, read_line, read_lines
from askbot.replaying.running import Player, Replayed
from askbot.replaying.scoring import Score, Tally, score_message

__all__ = [
    "Change",
    "Line",
    "Player",
    "Replayed",
    "Score",
    "Tally",
    "compare",
    "read_line",
    "read_lines",
    "score_message",
]
