"""Use cases: what happens with a message, a reply, a ticket. They know no request, session, file or platform."""
