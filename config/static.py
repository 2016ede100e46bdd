"""Which of the front-end packages' files are served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class FrontEnd(StaticFilesConfig):
    """What no page asks for is not collected: compressing all of it would take half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.cjs*",
        "*.d.ts",
        "*.esm*",
        "*.md",
        "*.rtl*",
        "bootstrap-grid*",
        "bootstrap-reboot*",
        "bootstrap-utilities*",
    ]
