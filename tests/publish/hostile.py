"""Texts that attack pages, and a project that has them wherever text can come from."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from pathlib import Path

from survey.synthetic import simulate

MARK = "window.attacked"
ATTACKS = (
    f"<script>{MARK}=1</script>",
    f"</script><script>{MARK}=1</script>",
    f"<img src=x onerror={MARK}=1>",
    f"\"'><svg/onload={MARK}=1>",
    f"<a href=\"javascript:{MARK}=1\">link</a>",
    f"javascript:{MARK}=1",
    "<b>bold</b><br>&lt;i&gt;",
    "&amp;lt;script&amp;gt;",
    "%{x} %{customdata[0]}<extra>",
    r"$\frac{1}{2}$ and $x$",
    "${process.env} {{constructor}}",
    "=HYPERLINK(\"http://example.invalid\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1 and -1",
    "-1+1",
    "evil \u202egnp.exe\u202c here",
    "\u2066isolated\u2069 \u200bzero width",
    "e\u0301\u0323 combining",
    "<!-- comment --> ]]> <![CDATA[",
    "url(http://example.invalid/x.png)",
    "\\u003cscript\\u003e \\n",
    "'; DROP TABLE answers; --",
    "中国移动通信集团 العربية",
    "a|b|c `code` *stars* _under_",
    "http://example.invalid/?q=1#frag",
)  # fmt: skip
"""Each is text and nothing else."""
CONTROLS = ("bell\x07", "null-like \x1b[31m", "tab\there", "line\nbreak")
LONG = "long" * 10_000


def drawn(seed: int, count: int) -> list[str]:
    """Return texts: first the attacks themselves in some order, then pieces put together."""
    random_ = random.Random(seed)
    single = list(ATTACKS)
    random_.shuffle(single)
    pieces = [*ATTACKS, *CONTROLS]
    while len(single) < count:
        single.append(" ".join(random_.sample(pieces, 2)))
    return single[:count]


def visible(text: str) -> str:
    """Return what of a text can be seen: without controls and formatting, single spaces."""
    kept = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Co")
    )
    return re.sub(r"\s+", "", kept)


def project(folder: Path, seed: int) -> list[str]:
    """Write a project with an export and hostile texts in every place; return the texts."""
    texts = drawn(seed, 40)
    (folder / "data" / "raw").mkdir(parents=True)
    written = simulate("2024", respondents=120, seed=seed).write(folder / "data" / "raw")
    file = written[0].relative_to(folder).as_posix()
    quoted = [json.dumps(text) for text in texts]
    groups = "\n".join(
        f"{text} = [{json.dumps(option)}]" for text, option in zip(quoted[:6], OPTIONS, strict=True)
    )
    toml = f"""
title = {quoted[6]}
frames = ["wishes.toml"]

[publisher]
name = {quoted[7]}
contact = {quoted[8]}
licence = {quoted[9]}
file_name = "report"

[policy]
profile = "internal"

[vocabulary]
unit = "cloud"
units = "clouds"

[[exports]]
file = {json.dumps(file)}
edition = "2024"
invented = true

[report]
chapters = ["own", "mine", {quoted[15]}]

[[variables]]
name = "tool"
of = "deployment_tools"
title = {quoted[10]}
[variables.groups]
{groups}

[[variables]]
file = "customs.csv"
on = "primary_country"
columns = ["customs"]

[[tables]]
concept = "tool"
name = "tools"
topic = "mine"
title = {quoted[11]}
text = {quoted[12]}

[[tables]]
concept = "tool"
by = "customs"
name = "tools_by_customs"
title = {quoted[13]}

[[tables]]
concept = "customs"
name = "customs_here"
topic = {quoted[15]}
title = {quoted[14]}
text = {json.dumps(LONG)}

[[tables]]
concept = "further_enhancement_coded"
name = "wishes"

[[tables]]
concept = "compute_cores"
by = "tool"
name = "cores_by_tool"
"""
    (folder / "survey.toml").write_text(toml, "utf-8")
    codes = "\n".join(
        f"[[codes]]\nlabel = {text}\nwords = [{json.dumps(word)}]\n"
        for text, word in zip(quoted[30:33], WORDS, strict=True)
    )
    (folder / "wishes.toml").write_text(FRAME + codes, "utf-8")
    lines = [f'{country},"{texts[16 + place].replace(chr(34), chr(34) * 2)}"'
             for place, country in enumerate(COUNTRIES)]  # fmt: skip
    (folder / "customs.csv").write_text("primary_country,customs\n" + "\n".join(lines), "utf-8")
    return texts


OPTIONS = ("Ansible", "Puppet", "Chef", "Juju", "Kolla-Ansible", "TripleO")
COUNTRIES = ("US", "CN", "DE", "FR", "GB", "JP", "IN", "KR")
WORDS = ("community", "upgrades", "better")
FRAME = """[frame]
name = "wishes"
questions = ["further_enhancement"]
decided = 2024-09-01

"""
