"""Files of other surveys as scripts, spreadsheets and other tools write them: the right counts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from survey.codebook import read_codebook
from survey.estimates import share
from survey.exports import read_export
from survey.responses import clean

LIST = 'kind = "multiple"\nchoices = ["Ansible", "Chef", "Salt, the tool", "Other"]'
SIZE = 'kind = "single"\nchoices = ["1-9", "10-99", "100 or more", "Other"]'
PLAIN = 'kind = "single"\nchoices = ["1-9", "10-99"]'
COLUMNS = 'kind = "multiple"\nchoices = [{value="x", column="t/x"}, {value="y", column="t/y"}]'


class Case(NamedTuple):
    """The question, the file, and the right counts and base."""

    question: str
    content: str | bytes
    right: dict[str, int]
    base: int
    layout: str = 'separator = ";"'
    heading: str = "A"


CASES = {
    "a list as JSON": Case(
        LIST, 'ID,A\n1,"[""Ansible"",""Chef""]"\n2,"[""Chef""]"\n', {"Ansible": 1, "Chef": 2}, 2
    ),
    "a list as Python prints it": Case(
        LIST, "ID,A\n1,\"['Ansible', 'Chef']\"\n2,['Chef']\n3,[]\n", {"Ansible": 1, "Chef": 2}, 2
    ),
    "a list as a database prints it": Case(
        LIST, 'ID,A\n1,"{Ansible,Chef}"\n2,Chef\n', {"Ansible": 1, "Chef": 2}, 2
    ),
    "bars in place of semicolons": Case(
        LIST, "ID,A\n1,Ansible|Chef\n2,Chef\n", {"Ansible": 1, "Chef": 2}, 2
    ),
    "line feeds in place of semicolons": Case(
        LIST, 'ID,A\n1,"Ansible\nChef"\n2,Chef\n', {"Ansible": 1, "Chef": 2}, 2
    ),
    "a separator at the end": Case(
        LIST, "ID,A\n1,Ansible;Chef;\n2,Chef;\n3,\n", {"Ansible": 1, "Chef": 2}, 2
    ),
    "a comma in an answer": Case(
        LIST,
        'ID,A\n1,"Ansible, Salt, the tool"\n2,"Salt, the tool"\n3,Chef\n',
        {"Ansible": 1, "Chef": 1, "Salt, the tool": 2},
        3,
        'separator = ", "',
    ),
    "a list and a word beside it": Case(
        LIST, "ID,A\n1,Ansible | our own\n2,Chef\n", {"Chef": 1, "Other": 1}, 2
    ),
    "spaces around the dash of a band": Case(
        SIZE, "ID,A\n1,1 – 9\n2,10 - 99\n3,100 or  More\n",
        {"1-9": 1, "10-99": 1, "100 or more": 1}, 3,
    ),
    "days in place of bands": Case(
        SIZE, "ID,A\n1,9-Jan\n2,Oct-99\n3,100 or more\n",
        {"1-9": 1, "10-99": 1, "100 or more": 1}, 3,
    ),
    "errors of a spreadsheet": Case(SIZE, "ID,A\n1,1-9\n2,#N/A\n3,#REF!\n", {"1-9": 1}, 1),
    "a line of questions below the headings": Case(
        SIZE, "ID,A\nResponse ID,How large?\n1,1-9\n2,10-99\n", {"1-9": 1, "10-99": 1}, 2
    ),
    "a sum below the records": Case(
        SIZE, "ID,A\n1,1-9\n2,10-99\nTotal,2\n", {"1-9": 1, "10-99": 1}, 2
    ),
    "headings as R has them": Case(
        PLAIN, "ID,How.large.is.it.\n1,1-9\n2,10-99\n", {"1-9": 1, "10-99": 1}, 2,
        heading="How large is it?",
    ),
    "headings as a database has them": Case(
        PLAIN, "id,how_large_is_it\n1,1-9\n2,10-99\n", {"1-9": 1, "10-99": 1}, 2,
        heading="How large is it?",
    ),
    "headings with the number of the question": Case(
        PLAIN, "ID,Q7. How large is it?\n1,1-9\n2,10-99\n", {"1-9": 1, "10-99": 1}, 2,
        heading="How large is it?",
    ),
    "quotes behind a backslash": Case(
        'kind = "single"\nchoices = ["the \\"x\\" family", "y"]',
        'ID,A\n1,"the \\"x\\" family"\n2,y\n',
        {'the "x" family': 1, "y": 1},
        2,
    ),
    "entities of HTML": Case(
        'kind = "single"\nchoices = ["R&D", "a < b"]',
        "ID,A\n1,R&amp;D\n2,a &lt; b\n3,R&D\n", {"R&D": 2, "a < b": 1}, 3,
    ),
    "codes with decimals and lone spaces": Case(
        'kind = "single"\nchoices = [{value="1", label="few"}, {value="2", label="many"}]',
        "ID,A\n1,1.00\n2,2\n3,\n4, \n", {"few": 1, "many": 1}, 2,
    ),
    "a column for each choice with truth values": Case(
        COLUMNS, "ID,t,t/x,t/y\n1,x y,TRUE,TRUE\n2,y,FALSE,TRUE\n3,,,\n", {"x": 1, "y": 2}, 2
    ),
    "text of two bytes a character": Case(
        PLAIN, "\ufeffID\tA\r\n1\t1-9\r\n2\t10-99\r\n".encode("utf-16-le"),
        {"1-9": 1, "10-99": 1}, 2,
    ),
    "carriage returns alone": Case(
        PLAIN, "ID,A\r1,1-9\r2,10-99\r", {"1-9": 1, "10-99": 1}, 2
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_counts_are_right(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    toml = (
        '[edition]\nname = "s"\ntitle = "S"\n'
        f'[layout]\nfamily = "table"\nrespondent = "ID"\n{case.layout}\n'
        f'[[questions]]\nconcept = "a"\nheading = "{case.heading}"\ntitle = "A"\n'
        f'unit = "respondent"\n{case.question}\n'
    )
    (tmp_path / "s.toml").write_text(toml, encoding="utf-8")
    path = tmp_path / "results.csv"
    path.write_bytes(case.content.encode() if isinstance(case.content, str) else case.content)
    export = read_export(path, codebook=read_codebook(tmp_path / "s.toml"), edition="s")
    table = share(clean(export), "a").frame
    found = {a: int(n) for a, n in zip(table["answer"], table["count"], strict=True) if n}
    assert (found, int(table["base"].max())) == (case.right, case.base)
