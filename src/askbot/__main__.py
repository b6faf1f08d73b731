"""`python -m askbot`: the same as the command `askbot`."""

import sys

from askbot.cli import main

sys.exit(main())
