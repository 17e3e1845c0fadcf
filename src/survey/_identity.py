"""Whether this folder holds this package and nothing else.

PyPI has another distribution called ``survey`` (interactive prompts, 5.4.2) that installs a
package of the same name. Where both were installed into one environment their files lie in one
folder, and which half answers depends on the order of installation. :func:`check_identity`
says so at import, by asking for the few files that tell the two apart; that takes microseconds.
"""

from __future__ import annotations

from pathlib import Path

from survey.errors import Problem, SurveyError

__all__ = ["IdentityError", "check_identity"]

_FOREIGN = ("_widgets.py", "_funnels.py", "machines.py")  # of its releases 5 and 3
_CURE = (
    "install openstack-survey into an environment of its own, or run "
    "'pip uninstall survey openstack-survey' and then 'pip install openstack-survey'"
)


class IdentityError(SurveyError, ImportError):
    """Another distribution's files are mixed into this package."""


def check_identity(folder: Path | None = None) -> None:
    """Raise when the package's folder was mixed with the other package called ``survey``.

    Parameters
    ----------
    folder
        The package's folder; this one by default.

    Raises
    ------
    IdentityError
        If files of the other package lie in the folder, or if its removal took our own
        ``__init__.py`` away. It is an :class:`ImportError`, too.

    Examples
    --------
    >>> check_identity()
    """
    home = Path(__file__).parent if folder is None else folder
    foreign = [name for name in _FOREIGN if (home / name).exists()]
    if foreign:
        raise _mixed(f"{', '.join(foreign)} of the other package (interactive prompts)")
    if not (home / "__init__.py").exists():
        raise _mixed("no __init__.py: removing the other package took it away")


def _mixed(got: str) -> IdentityError:
    problem = Problem(
        "the folder of the package 'survey'", got, "only files of openstack-survey", _CURE
    )
    return IdentityError(
        "Two distributions that both provide a package 'survey' were installed together: "
        "openstack-survey (this one) and survey",
        [problem],
    )
