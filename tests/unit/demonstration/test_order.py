"""No reply is shown before its questions."""

from askbot.demonstration.order import Order
from askbot.demonstration.receiver import Said


def said(name: str, *messages: str) -> Said:
    return Said(id=name, text="x", in_reply_to=messages, mentions=(), askers=1)


def test_a_reply_is_held_until_all_its_questions_are_shown() -> None:
    told: list[Said] = []
    order = Order(tell=told.append)
    both, late, lost = said("r1", "a", "b"), said("r2", "a"), said("r3", "never")
    order.reply(both)
    order.shown("a")
    assert told == []
    order.reply(late)
    assert told == [late]
    order.shown("b", "c")
    assert told == [late, both]
    order.reply(lost)
    order.end()
    order.end()
    assert told == [late, both, lost]
