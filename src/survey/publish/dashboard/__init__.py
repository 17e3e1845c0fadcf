"""The dashboard: one page that works from a folder, offline, for everyone."""

from survey.publish.dashboard.writer import write_dashboard

__all__ = ["write_dashboard"]
