"""``python -m config.launch``: see the package."""

import sys

from config.launch.command import main

sys.exit(main())
