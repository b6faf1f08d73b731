"""The bridge (桥接): chat that some other program collected, mapped, signed and posted to a standard source.

What a collector writes is JSON Lines or WebSocket text frames in its own shape; a mapping file says where in it the
fields stand. Knows the webhook's form as `docs/api.md` tells it to everybody, nothing of the server's inside.
"""
