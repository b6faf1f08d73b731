"""The core: frozen values and pure rules, standard library only. Knows no file, request, session or platform."""
