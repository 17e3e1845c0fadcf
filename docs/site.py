"""Build the documentation site: ``python docs/site.py`` writes ``build/site/html``.

``--without-outputs`` leaves the notebooks as they are kept, and saves a minute or two.

Pages, notebooks and the files that they link to are copied beside each other first, so that links
such as ``../README.md`` lead to pages of the site. Warnings are errors. The site loads nothing from
elsewhere and has a search of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from notebook_outputs import run_notebooks  # noqa: E402

WITHOUT_OUTPUTS = "--without-outputs"
REPOSITORY = "https://github.com/openinfra/openstack-survey/blob/main"
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^!\[[^\]]*\]\(pictures/gallery-[^)]*\)\n\n?", re.MULTILINE)
SHOWN = {".md", ".ipynb", ".png", ".json"}
CONTENTS = """
```{toctree}
:hidden:
:caption: Learn

tutorial
how-to/index
gallery
```

```{toctree}
:hidden:
:caption: Notebooks
:glob:

../notebooks/*
```

```{toctree}
:hidden:
:caption: Understand
:glob:

explanation/*
{others}
```

```{toctree}
:hidden:
:caption: Look up

reference
cli
settings
codebook-keys
chart-json
block-json
web-team
../README
../CHANGELOG
../CONTRIBUTING
```

```{toctree}
:hidden:
:caption: Decisions
:glob:

decisions/*
```
"""
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
OUTSIDE = re.compile(r"(?:src|href)=\"(?:https?:)?//[^\"]+\.(?:js|css|woff2?)\b")


def main(arguments: list[str]) -> int:
    """Build the site; return the exit code."""
    places = [each for each in arguments if each != WITHOUT_OUTPUTS]
    target = Path(places[0]) if places else ROOT / "build" / "site"
    source = (target / "source").resolve()
    shutil.rmtree(target, ignore_errors=True)
    os.chdir(ROOT)  # the gallery reads data/raw
    stage(source)
    if WITHOUT_OUTPUTS not in arguments:
        charts = source / "docs" / "_static" / "notebooks"
        run_notebooks(source / "notebooks", charts, ROOT / "notebooks")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1767225600")  # the same bytes every time
    from sphinx.cmd.build import main as sphinx

    code = sphinx(
        ["-b", "html", "-c", str(source / "docs"), "-W", "--keep-going", "-q", "-j", "1",
         str(source), str(target / "html")]
    )  # fmt: skip
    loading = sorted(outside(target / "html"))
    for line in loading:
        print(f"site: {line}", file=sys.stderr)
    if code == 0 and not loading:
        print(f"site: {target / 'html' / 'docs' / 'index.html'}")
    return code or int(bool(loading))


def stage(source: Path) -> None:
    """Copy what the site is made of, and what its pages link to."""
    source.mkdir(parents=True)
    for name in PAGES:
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "docs", source / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks", source / "notebooks", ignore=shutil.ignore_patterns(".*"))
    draw_gallery(source)
    for path in sorted(source.rglob("*.md")):
        path.write_text(rewritten(path, source), encoding="utf-8")


def draw_gallery(source: Path) -> None:
    """Draw the charts of the gallery, and put each below its code."""
    page, folder = source / "docs" / "gallery.md", source / "docs" / "_static" / "gallery"
    folder.mkdir(parents=True)
    names: dict[str, Any] = {}

    def shown(match: re.Match[str]) -> str:
        exec(compile(match[1], page.name, "exec"), names)
        chart = names.pop("chart", None)
        if chart is None:
            return match[0]
        number = len(list(folder.glob("*.html"))) + 1
        chart.write_html(
            folder / f"{number}.html", include_plotlyjs="directory", div_id=f"chart-{number}"
        )
        height = chart.layout.height or 480
        frame = f'<iframe src="../_static/gallery/{number}.html" title="Chart {number}"'
        style = f'style="width: 100%; height: {height + 30}px; border: 0" loading="lazy"></iframe>'
        return f"{match[0]}\n\n```{{raw}} html\n{frame} {style}\n```"

    text = PICTURE.sub("", page.read_text(encoding="utf-8"))  # each stands below its code instead
    page.write_text(BLOCK.sub(shown, text), encoding="utf-8")


def rewritten(page: Path, source: Path) -> str:
    """Return a page whose links to files outside the site lead to the repository."""

    def target(match: re.Match[str]) -> str:
        name, _, _ = match[1].partition("#")
        path = (page.parent / name).resolve()
        if "://" in name or not name or (path.exists() and path.suffix in SHOWN):
            return match[0]
        return f"]({REPOSITORY}/{path.relative_to(source.resolve()).as_posix()})"

    text = LINK.sub(target, page.read_text(encoding="utf-8"))
    if page != source / "docs" / "index.md":
        return text
    listed = set(re.findall(r"^([\w-]+)$", CONTENTS, re.MULTILINE)) | {"index"}
    others = sorted(each.stem for each in page.parent.glob("*.md") if each.stem not in listed)
    return text + CONTENTS.replace("{others}", "\n".join(others))


def outside(folder: Path) -> set[str]:
    """Return what pages load from other servers."""
    return {
        f"{page.relative_to(folder)} loads {match}"
        for page in folder.rglob("*.html")
        for match in OUTSIDE.findall(page.read_text(encoding="utf-8"))
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
