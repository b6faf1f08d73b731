"""The other operations: trying a question, the knowledge, muted entries, blocked viewers, and who the caller is."""

import asyncio
from collections.abc import Mapping

from askbot.domain.decision import decision_form
from askbot.domain.faults import Fault
from askbot.errors import NotFoundError
from askbot.matching import Question
from askbot.ports.storage import UnitOfWork
from askbot.services.access import RIGHTS, Right
from askbot.web.api_rooms import known_room, time_form
from askbot.web.models import (
    AskBody,
    CallerForm,
    DecisionsForm,
    EntryMute,
    KnowledgeForm,
    UserBlock,
    UserBody,
)
from askbot.web.operations import Answer, Call, Operation


async def ask(call: Call) -> Answer:
    """Decide about a question by the knowledge in force; nothing is stored."""
    body, parts = call.body, call.parts
    room = known_room(call, body.room) if body.room is not None else next(iter(parts.rooms))
    question = Question(text=body.text, room=room, at=body.at or parts.clock())
    matcher = parts.brain()
    judgement = await asyncio.to_thread(matcher.decide, question)
    return {
        "decisions": [decision_form(decision) for decision in judgement.decisions],
        "room": room,
        "at": time_form(question.at),
        "knowledge_version": matcher.knowledge.version,
    }


async def knowledge(call: Call) -> Answer:
    """The knowledge in force, and what is wrong in the folder."""
    result, known = call.parts.library.result, call.parts.brain().knowledge
    states = dict.fromkeys(result.files, "good") | dict.fromkeys(result.stale, "stale")
    states |= dict.fromkeys(result.missing, "missing")

    def look(uow: UnitOfWork) -> frozenset[str]:
        return uow.switches.load(()).muted

    return {
        "version": result.version,
        "loaded_at": time_form(result.loaded_at),
        "read_at": time_form(result.at),
        "good": result.good,
        "entries": len(known.entries),
        "files": [{"file": file, "state": state} for file, state in sorted(states.items())],
        "faults": [fault_form(fault) for fault in result.faults],
        "muted": sorted(await call.parts.store.read(look)),
    }


def fault_form(fault: Fault) -> Mapping[str, object]:
    """A fault for programs."""
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "severity": fault.severity.value,
        "message": fault.message,
        "hint": fault.hint,
    }


async def reload(call: Call) -> Answer:
    """Read the folder anew; `good` tells whether all of it is in force."""
    await call.parts.library.reload()
    return await knowledge(call)


async def mute(call: Call) -> Answer:
    """This entry answers no more until unmuted."""
    entry = call.path["entry"]
    if call.parts.brain().knowledge.entry(entry) is None:
        raise NotFoundError("there is no such entry", code="unknown_entry")
    await call.parts.switches.set_muted(entry, muted=True, by=call.caller.name)
    return {"entry": entry, "muted": True}


async def unmute(call: Call) -> Answer:
    """It answers again; also one that the knowledge has no more."""
    entry = call.path["entry"]

    def is_muted(uow: UnitOfWork) -> bool:
        return entry in uow.switches.load(()).muted

    if call.parts.brain().knowledge.entry(entry) is None and not await call.parts.store.read(is_muted):
        raise NotFoundError("there is no such entry", code="unknown_entry")
    await call.parts.switches.set_muted(entry, muted=False, by=call.caller.name)
    return {"entry": entry, "muted": False}


async def block(call: Call) -> Answer:
    """This viewer's lines are kept but make no tickets."""
    return await _block(call, blocked=True)


async def unblock(call: Call) -> Answer:
    """This viewer's lines make tickets again."""
    return await _block(call, blocked=False)


async def _block(call: Call, *, blocked: bool) -> Answer:
    body = call.body
    if body.source not in call.parts.sources:
        raise NotFoundError("there is no such source", code="unknown_source")
    await call.parts.switches.set_blocked(body.source, body.user_id, blocked=blocked, by=call.caller.name)
    return {"source": body.source, "user_id": body.user_id, "blocked": blocked}


async def caller(call: Call) -> Answer:
    """Who the token's holder is, and what they may do."""
    who = call.caller
    rights = sorted(right.value for right in RIGHTS[who.role])
    return {"name": who.name, "role": who.role.value, "department": who.department, "rights": rights}


DESK_OPERATIONS = (
    Operation(
        name="ask", method="POST", path="/api/v1/ask", right=Right.ASK, handler=ask, body=AskBody,
        result=DecisionsForm, text="Decide about a question with the reasons; nothing is stored. Without a room the"
        " first one, without a time now.",
    ),
    Operation(
        name="knowledge", method="GET", path="/api/v1/knowledge", right=Right.KNOWLEDGE, handler=knowledge,
        result=KnowledgeForm, text="The knowledge in force: version, files, faults, muted entries.",
    ),
    Operation(
        name="reload", method="POST", path="/-/reload", right=Right.RELOAD, handler=reload, result=KnowledgeForm,
        text="Read the knowledge folder now. `good` tells whether all of it is in force.",
    ),
    Operation(
        name="mute", method="POST", path="/api/v1/entries/{entry}/mute", right=Right.MUTE, handler=mute,
        result=EntryMute, text="This entry answers no more until unmuted; what waits of it becomes tickets.",
    ),
    Operation(
        name="unmute", method="POST", path="/api/v1/entries/{entry}/unmute", right=Right.MUTE, handler=unmute,
        result=EntryMute, text="This entry answers again.",
    ),
    Operation(
        name="block", method="POST", path="/api/v1/users/block", right=Right.BLOCK, handler=block, body=UserBody,
        result=UserBlock, text="This viewer's lines are kept but make no tickets.",
    ),
    Operation(
        name="unblock", method="POST", path="/api/v1/users/unblock", right=Right.BLOCK, handler=unblock,
        body=UserBody, result=UserBlock, text="This viewer's lines make tickets again.",
    ),
    Operation(
        name="caller", method="GET", path="/api/v1/caller", right=Right.LOOK, handler=caller, result=CallerForm,
        text="Whose token this is, and what it may do.",
    ),
)  # fmt: skip
