"""Write the reference pages from the docstrings and from the command line's own help.

``python docs/build.py`` writes ``docs/reference.md``, ``docs/cli.md``, ``docs/settings.md``,
``docs/codebook-keys.md``, and the list of decisions in ``docs/index.md``;
``python docs/build.py --check`` writes nothing and fails where a page on disk differs from what
would be written, or where a public name, a parameter, a command or an option lacks words.
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

import click

import survey
import survey.cli

sys.path.insert(0, str(Path(__file__).resolve().parent))
import keys

HERE = Path(__file__).resolve().parent
TYPES = (
    "survey.codebook.Codebook",
    "survey.exports.Export",
    "survey.responses.Responses",
    "survey.estimates.Estimates",
    "survey.disclosure.Publication",
)
ROOMS = (
    "codebook",
    "exports",
    "responses",
    "estimates",
    "topics",
    "disclosure",
    "publish",
    "notebook",
    "synthetic",
    "errors",
)
STARS: dict[object, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}
DECISIONS = "Decisions, and what was weighed:"
GENERATED = "<!-- Written by docs/build.py from the code; change it there. -->"
LISTS = ("Parameters", "Attributes", "Returns", "Yields", "Raises")
WIDTH = 88


def main(arguments: list[str]) -> int:
    """Write the pages, or say what is wrong with them; return the exit code."""
    pages = {
        HERE / "reference.md": reference(),
        HERE / "cli.md": command_line(),
        HERE / "settings.md": keys.settings(),
        HERE / "codebook-keys.md": keys.codebook_keys(),
        HERE / "index.md": index(),
    }
    if "--check" not in arguments:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
        return 0
    faults = [*undocumented_names(), *undocumented_commands()]
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            faults.append(f"docs/{path.name} is not what the code says: run 'make reference'")
    for fault in faults:
        print(f"docs: {fault}", file=sys.stderr)
    return 1 if faults else 0


def index() -> str:
    """Return the index with a line for each decision, by number."""
    page = (HERE / "index.md").read_text(encoding="utf-8")
    kept, _, _ = page.partition(DECISIONS)
    return f"{kept}{DECISIONS}\n\n{''.join(decisions())}"


def decisions() -> Iterator[str]:
    """Yield a line for each decision; its title is the heading of the page without the number."""
    for path in sorted((HERE / "decisions").glob("*.md")):
        heading = path.read_text(encoding="utf-8").splitlines()[0]
        title = re.sub(r"^#\s*(\d+\.)?\s*", "", heading)
        yield f"- [{int(path.stem[:4])}. {title}](decisions/{path.name})\n"


# ---------------------------------------------------------------- what lacks words


def undocumented_names() -> Iterator[str]:
    """Yield what the docstring of a public name or of one of the types does not say."""
    for name, found in (*public_names(), *types()):
        if not (inspect.isroutine(found) or inspect.isclass(found)):
            continue
        text = docstring(found)
        if not text:
            yield f"survey.{name} has no docstring"
            continue
        for parameter in () if is_enum(found) else parameters(found):
            if not re.search(rf"\b{re.escape(parameter)}\b", text):
                yield f"survey.{name} does not say what {parameter!r} is"
        if ">>>" not in text and name in survey.__all__ and not is_error(found):
            yield f"survey.{name} has no example"
        for member, method in members(found):
            if not docstring(method):
                yield f"survey.{name}.{member} has no docstring"


def undocumented_commands() -> Iterator[str]:
    """Yield the commands and options that have no help."""
    for path, command in commands():
        if not command.help:
            yield f"the command '{path}' has no help"
        for option in command.params:
            if isinstance(option, click.Option) and not option.help and not option.hidden:
                yield f"the option {option.opts[0]} of '{path}' has no help"


def parameters(found: Any) -> list[str]:
    """Return the names of what a caller can give, the variadic ones included."""
    return [name for name in signature_of(found).parameters if name not in ("self", "cls")]


def is_error(found: Any) -> bool:
    """Tell whether ``found`` is an exception class."""
    return inspect.isclass(found) and issubclass(found, BaseException)


# ---------------------------------------------------------------- the library's page


def public_names() -> Iterator[tuple[str, Any]]:
    """Yield the names of the front door with what they stand for."""
    for name in survey.__all__:
        yield name, getattr(survey, name)


def types() -> Iterator[tuple[str, Any]]:
    """Yield the types that the public functions take and return."""
    for path in TYPES:
        module, _, name = path.rpartition(".")
        yield name, getattr(import_module(module), name)


def reference() -> str:
    """Return the page of the public names, room by room, and of the types."""
    rooms: dict[str, list[tuple[str, Any]]] = {}
    for name, found in sorted(public_names(), key=lambda pair: ROOMS.index(room_of(pair[1]))):
        rooms.setdefault(room_of(found), []).append((name, found))
    lines = [GENERATED, "", "# Reference", "", "What `import survey as sv` offers, by room:", ""]
    for room, entries in (*rooms.items(), ("types", list(types()))):
        links = ", ".join(f"[`{name}`](#{name.lower()})" for name, _ in entries)
        lines += [f"- **{room}**: {links}"]
    for name, found in (*(pair for pairs in rooms.values() for pair in pairs), *types()):
        lines += ["", f"## {name}", "", *entry(name, found)]
    return "\n".join(lines).rstrip() + "\n"


def room_of(found: Any) -> str:
    """Return the room that a public name lives in."""
    module = found.__name__ if isinstance(found, ModuleType) else getattr(found, "__module__", "")
    parts = module.split(".")
    return parts[1] if parts[0] == "survey" and len(parts) > 1 else "survey"


def entry(name: str, found: Any) -> Iterator[str]:
    """Yield the lines about one public name."""
    if isinstance(found, ModuleType):
        yield from prose(docstring(found))
        for inner in getattr(found, "__all__", ()):
            yield from ("", f"### {name}.{inner}", "")
            yield from entry(f"{name}.{inner}", getattr(found, inner))
        return
    if not (inspect.isroutine(found) or inspect.isclass(found)):
        yield f"`{name} = {found!r}`"
        return
    if not is_error(found) and not is_enum(found):
        yield from ("```python", call(name, found), "```", "")
    yield from prose(docstring(found))
    if is_enum(found):
        yield from (
            "",
            *(f"- `{name}`: {each.value!r}" for name, each in found.__members__.items()),
        )
    for member, method in members(found):
        yield from ("", f"### {name}.{member}", "")
        if not isinstance(method, property):
            yield from ("```python", call(f"{member}", method), "```", "")
        yield from prose(docstring(method))


def is_enum(found: Any) -> TypeGuard[type[enum.Enum]]:
    """Tell whether ``found`` is an enumeration."""
    return inspect.isclass(found) and issubclass(found, enum.Enum)


def members(found: Any) -> list[tuple[str, Any]]:
    """Return the public methods and properties that a class of ours defines itself."""
    if not inspect.isclass(found) or is_error(found):
        return []
    kept = []
    for name, raw in vars(found).items():
        value: Any = raw.__func__ if isinstance(raw, classmethod | staticmethod) else raw
        if isinstance(value, cached_property):
            value = property(value.func)
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
            kept.append((name, value))
    return kept


def docstring(found: Any) -> str:
    """Return the docstring that ``found`` has itself, or ``""``."""
    text = inspect.cleandoc(found.__doc__ or "")
    automatic = inspect.isclass(found) and text.startswith(f"{found.__name__}(")
    return "" if automatic else text


def signature_of(found: Any) -> inspect.Signature:
    """Return the signature; an empty one where Python knows none."""
    try:
        return inspect.signature(found)
    except (TypeError, ValueError):
        return inspect.Signature()


def call(name: str, found: Any) -> str:
    """Return the call as one would type it, on one line if it fits."""
    parts, star = [], False
    for parameter in signature_of(found).parameters.values():
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not star:
            parts.append("*")
        star |= parameter.kind in (
            inspect.Parameter.KEYWORD_ONLY,
            inspect.Parameter.VAR_POSITIONAL,
        )
        parts.append(argument(parameter))
    returned = signature_of(found).return_annotation
    tail = (
        "" if returned is inspect.Signature.empty or inspect.isclass(found) else annotated(returned)
    )
    arrow = f" -> {tail}" if tail else ""
    line = f"{name}({', '.join(parts)}){arrow}"
    if len(line) <= WIDTH:
        return line
    return f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){arrow}"


def argument(parameter: inspect.Parameter) -> str:
    """Return one parameter as in a signature."""
    text = STARS.get(parameter.kind, "") + parameter.name
    if parameter.annotation is not inspect.Parameter.empty:
        text += f": {annotated(parameter.annotation)}"
    if parameter.default is not inspect.Parameter.empty:
        text += f" = {default(parameter.default)}"
    return text


def annotated(annotation: Any) -> str:
    """Return a type as it stands in the source."""
    if isinstance(annotation, str):
        return annotation
    return "None" if annotation is None else str(inspect.formatannotation(annotation))


def default(value: Any) -> str:
    """Return a default value as one would type it, the same on every machine."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    text = repr(value)
    return "..." if re.search(r"\bat 0x|<factory>", text) else text


# ---------------------------------------------------------------- docstrings as Markdown


def prose(text: str) -> Iterator[str]:
    """Yield a numpy-style docstring as Markdown."""
    for title, body in sections(text):
        if title:
            yield from ("", f"**{title}**", "")
        if title in LISTS:
            yield from definitions(body)
        else:
            yield from fenced(body)


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections of a docstring with their titles; the first has none."""
    title, body = "", list[str]()
    lines = text.splitlines()
    for number, line in enumerate(lines):
        underline = lines[number + 1] if number + 1 < len(lines) else ""
        if line and re.fullmatch(r"-{3,}", underline.strip()) and underline.strip() != line:
            yield title, trimmed(body)
            title, body = line.strip(), []
        elif not (re.fullmatch(r"-{3,}", line.strip()) and not body):
            body.append(line)
    yield title, trimmed(body)


def trimmed(lines: list[str]) -> list[str]:
    """Return the lines without blank ones at the ends."""
    return "\n".join(lines).strip("\n").splitlines()


def definitions(lines: list[str]) -> Iterator[str]:
    """Yield a section of terms and explanations as a list."""
    items: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and items:
            items[-1].append(marked(line.strip()))
        elif line.strip():
            items.append([line.strip()])
    for term, *words in items:
        yield f"- `{term}`" + (f": {' '.join(words)}" if words else "")


def fenced(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs, with examples between fences."""
    inside = False
    for line in lines:
        starts = line.startswith(">>>")
        if starts and not inside:
            yield "```pycon"
        elif inside and not line.strip():
            yield "```"
        inside = (inside or starts) and bool(line.strip())
        yield line if inside else marked(line)
    if inside:
        yield "```"


def marked(line: str) -> str:
    """Turn the markup of docstrings into Markdown's."""
    line = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", line)
    line = re.sub(r"``([^`]+)``", r"`\1`", line)
    return re.sub(r"^\.\. \[(\w+)\] ", r"[\1] ", line)


# ---------------------------------------------------------------- the command line's page


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it, the program itself first."""
    yield from walk("survey", survey.cli.main)


def walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and what it groups."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            if not inner.hidden:
                yield from walk(f"{path} {name}", inner)


def command_line() -> str:
    """Return the page of the commands."""
    lines = [GENERATED, "", "# Command line", ""]
    for path, command in commands():
        context = click.Context(command, info_name=path)
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        lines += [f"## {path}", "", "```text", usage, "```", "", help_of(command), ""]
        options = [o for o in command.params if isinstance(o, click.Option) and not o.hidden]
        if options:
            lines += ["| option | meaning |", "|---|---|"]
            lines += [f"| {spelled(o, context)} | {meaning(o)} |" for o in options]
            lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def help_of(command: click.Command) -> str:
    r"""Return a command's help; what stands between \b and a blank line keeps its lines."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "").split("\f")[0]):
        if paragraph.startswith("\b"):
            paragraphs.append("```text\n" + paragraph.lstrip("\b\n").rstrip() + "\n```")
        else:
            paragraphs.append(" ".join(marked(line.strip()) for line in paragraph.splitlines()))
    return "\n\n".join(paragraphs)


def spelled(option: click.Option, context: click.Context) -> str:
    """Return an option's spellings and what it takes."""
    takes = "" if option.is_flag or option.count else f" {option.make_metavar(context)}"
    names = ", ".join((*option.opts, *option.secondary_opts))
    return f"`{names}{takes}`".replace("|", "\\|")


def meaning(option: click.Option) -> str:
    """Return an option's help and its default, if it has a plain one."""
    text = " ".join(marked(option.help or "").split())
    shown = option.default if isinstance(option.default, str | int | float) else None
    if shown is None or isinstance(shown, bool) or option.is_flag or "efault" in text:
        return text.replace("|", "\\|")
    return f"{text} Default: `{shown}`.".replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
