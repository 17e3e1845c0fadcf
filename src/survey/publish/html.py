"""HTML from small pieces: whatever is not itself HTML is escaped."""

from __future__ import annotations

from html import escape

from survey.publish.words import legible

__all__ = ["HTML", "element", "joined"]

_VOID = frozenset({"input", "link", "meta"})


class HTML(str):
    """Text that is HTML already. A plain string never is."""

    __slots__ = ()


def element(tag: str, *content: str, **attributes: str | int | bool | None) -> HTML:
    """Return an element; plain strings in it are escaped, and so are attributes.

    Parameters
    ----------
    tag
        Name of the element.
    content
        Text, which is escaped, and :class:`HTML`, which is not.
    attributes
        ``class_`` stands for ``class``, ``data_x`` for ``data-x``; ``True`` writes the name
        alone, ``None`` and ``False`` nothing.

    Examples
    --------
    >>> element("p", "a < b ", element("b", "<i>"), class_="x", hidden=True, id=None)
    '<p class="x" hidden>a &lt; b <b>&lt;i&gt;</b></p>'
    """
    named = "".join(_attribute(name, value) for name, value in attributes.items())
    opened = f"<{tag}{named}>"
    return HTML(opened if tag in _VOID else f"{opened}{joined(*content)}</{tag}>")


def joined(*content: str) -> HTML:
    """Return pieces one after the other, plain strings escaped."""
    return HTML(
        "".join(p if isinstance(p, HTML) else escape(legible(p), quote=False) for p in content)
    )


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(legible(str(value)))}"'
