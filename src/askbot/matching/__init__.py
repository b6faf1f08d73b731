"""Deciding (判断): a line of chat and a knowledge base in, decisions with their reasons out.

CPU only: no I/O after the index is built, no await, no clock, no random; may be used by several threads at once.
"""

from askbot.matching.bars import Bars
from askbot.matching.matcher import Matcher
from askbot.matching.question import Judgement, Question
from askbot.matching.words import warm_up

__all__ = ["Bars", "Judgement", "Matcher", "Question", "warm_up"]
