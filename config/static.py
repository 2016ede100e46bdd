"""The static files of the front-end packages that are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class FrontEnd(StaticFilesConfig):
    """Skips files that no page uses: compressing all of them would take half a minute."""

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
