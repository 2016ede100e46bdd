"""``python -m config.services``: see the package."""

import sys

from config.services.command import main

sys.exit(main(sys.argv[1:]))
