"""The demo (演示): a recorded chat played through real webhooks into a real server, its replies taken and checked.

Everything goes the way that it goes in earnest: signed pushes in, the API with a token, signed replies out, a process
of its own for the server. Knows the server only from outside.
"""
