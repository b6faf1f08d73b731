"""What the queue knows of viewers: pseudonymised, erased in time, or at once when they ask. Counts stay true."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, bindparam, case, null, or_, select, update

from askbot.domain.ticket_wording import best_wording
from askbot.domain.tickets import Cause, digest
from askbot.store.ticket_tables import TICKET_HISTORY, TICKET_NEEDS, TICKETS

FORGOTTEN = "~forgotten"
_T, _N, _H = TICKETS.c, TICKET_NEEDS.c, TICKET_HISTORY.c
_PSEUDONYMISE = update(TICKET_NEEDS).where(_N.seq == bindparam("row"))
_SAMPLE = 200
"""Texts among which a new wording is chosen when the old one's author is forgotten."""


def pseudonymise_before(
    connection: Connection, at: datetime, pseudonym: Callable[[str, str], str], *, limit: int
) -> int:
    """Names away and user ids replaced in at most `limit` needs older than `at`; how many."""
    query = select(_N.seq, _N.source, _N.user_id).where(_N.at < at, _N.anonymous.is_(False)).limit(limit)
    rows = connection.execute(query).all()
    if rows:
        masks = {(row.source, row.user_id): pseudonym(row.source, row.user_id) for row in rows}
        connection.execute(
            _PSEUDONYMISE, [_masked(row.seq, row.source, masks[row.source, row.user_id]) for row in rows]
        )
    _forget_openers(connection, _T.opened_at < at)
    return len(rows)


def _masked(seq: int, source: str, mask: str) -> dict[str, object]:
    return {"row": seq, "user_id": mask, "user_name": "", "asker": digest(source, mask), "anonymous": True}


def erase_text_before(connection: Connection, at: datetime, *, limit: int) -> int:
    """What viewers wrote and officials answered away where older than `at`, `limit` rows a table; how many.

    An open ticket that old goes on without its text: the term of keeping is the citizen's, not the desk's.
    """
    needs = select(_N.seq).where(_N.at < at, or_(_N.text != "", _N.gist.is_not(None))).limit(limit)
    tickets = (
        select(_T.seq)
        .where(_T.last_at < at, or_(_T.wording != "", _T.gist_text != "", _T.answer.is_not(None), _T.why != ""))
        .limit(limit)
    )
    steps = select(_H.seq).where(_H.at < at, or_(_H.payload != "{}", _H.before != "{}")).limit(limit)
    blank = {"wording": "", "gist_text": "", "why": "", "candidates": ""}
    gone = dict.fromkeys(("answer", "unlisted", "note", "bucket", "suggestion"))
    erased = connection.execute(update(TICKET_NEEDS).where(_N.seq.in_(needs)).values(text="", gist=None)).rowcount
    erased += connection.execute(update(TICKETS).where(_T.seq.in_(tickets)).values(**blank, **gone)).rowcount
    history = update(TICKET_HISTORY).where(_H.seq.in_(steps)).values(payload="{}", before="{}")
    return erased + connection.execute(history).rowcount


def forget_user(connection: Connection, source: str, user_id: str) -> int:
    """Erase what is kept of this viewer; tickets lose the wording and the text that were theirs. How many needs.

    All needs of one forgetting share a meaningless asker, so that a ticket's count of askers stays what it was.
    """
    asker = digest(source, user_id)
    mine = select(_N.ticket).where(_N.asker == asker).distinct()
    tickets = list(connection.execute(mine).scalars())
    values = {"user_id": FORGOTTEN, "user_name": "", "message_id": "", "text": "", "gist": None}
    erased = connection.execute(
        update(TICKET_NEEDS).where(_N.asker == asker).values(**values, asker=uuid4().hex, anonymous=True)
    ).rowcount
    for ticket in tickets:
        _reword(connection, ticket)
    connection.execute(update(TICKETS).where(_T.opener == asker).values(gist_text="", bucket=None, why=""))
    _forget_openers(connection, _T.opener == asker)
    return erased


def _forget_openers(connection: Connection, which: ColumnElement[bool]) -> None:
    """Who opened a ticket counts for an hour only; the key of a collecting ticket is made of a viewer's id."""
    key = case((_T.reason == Cause.FLOOD.value, null()), else_=_T.join_key)
    connection.execute(update(TICKETS).where(which, _T.opener.is_not(None)).values(opener=None, join_key=key))


def _reword(connection: Connection, ticket: str) -> None:
    """A wording of those who remain; nobody's when the forgotten one was alone (and then no name as asked either)."""
    row = connection.execute(select(_T.item, _T.unlisted).where(_T.id == ticket)).one()
    texts = connection.execute(select(_N.text).where(_N.ticket == ticket, _N.text != "").limit(_SAMPLE)).scalars()
    wording = best_wording(texts, [mark for mark in (row.item, row.unlisted) if mark])
    values = {"wording": wording, **({} if wording else {"unlisted": None, "why": "", "gist_text": "", "bucket": None})}
    connection.execute(update(TICKETS).where(_T.id == ticket).values(**values))
