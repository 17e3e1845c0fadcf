"""Sphinx's settings for the documentation site; ``make docs`` runs it through ``docs/site.py``."""

from __future__ import annotations

from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

from survey import __version__

project = "openstack-survey"
author = "The openstack-survey authors"
release = version = __version__
root_doc = "docs/index"
extensions = ["myst_nb"]
exclude_patterns = ["docs/decisions/template.md"]
nb_execution_mode = "off"  # notebooks and blocks run in the tests
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_links_external_new_tab = True
suppress_warnings = ["misc.highlighting_failure"]
nitpicky = False
html_theme = "pydata_sphinx_theme"
html_title = "openstack-survey"
html_static_path = ["_static"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = None
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_end": ["theme-switcher"],
    "footer_start": [],
    "footer_end": [],
}
html_math_renderer = "mathml"


def setup(app: Any) -> dict[str, bool]:
    """Write formulas as MathML, which browsers draw by themselves."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True}


def _inline(writer: Any, node: Any) -> None:
    writer.body.append(tex2mathml(node.astext()))
    raise SkipNode


def _block(writer: Any, node: Any) -> None:
    writer.body.append(f"<div>{tex2mathml(node.astext(), as_block=True)}</div>\n")
    raise SkipNode
