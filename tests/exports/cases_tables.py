"""Cases of files of other survey tools: how cells, lists, numbers and write-ins are told."""

from __future__ import annotations

from collections.abc import Sequence

from tests.exports.record_results import Case
from tests.exports.survey_files import text

_HEAD = '[edition]\nname = "own-2031"\ntitle = "Own survey"\n\n[layout]\nfamily = "table"\n'
_SIZES = """measure = "people"
choices = [
    { value = "1-9", low = 1, high = 9 },
    { value = "10-49", low = 10, high = 49 },
    { value = "50 or more", low = 50 },
]"""
_HALVES = """measure = "hours"
choices = [
    { value = "0 to 4", low = 0, high = 4 },
    { value = "6 to 9", low = 6, high = 9 },
    { value = "1,000 or more", low = 1000 },
]"""


def _question(
    concept: str, kind: str, rest: str = "", heading: str = "", unit: str = "respondent"
) -> str:
    return (
        f'\n[[questions]]\nconcept = "{concept}"\nheading = "{heading or concept.title()}"\n'
        f'title = "{concept}"\nkind = "{kind}"\nunit = "{unit}"\n{rest}\n'
    )


_TOOLS = 'choices = ["Ansible", "Chef, too", "Puppet", "Other"]'
_ROLE = _question("role", "single", 'choices = ["Owner", "Baker", "Other"]')
_MANY = _question("tools", "multiple", _TOOLS)
_SIZE = _question("size", "single", _SIZES)
_GRID = _question(
    "often", "matrix",
    'choices = ["Never", "Often", "Always"]\nrows = ["Baking", { value = "Selling", column = "S2" }]',
)  # fmt: skip
_RANKS = _question("order", "ranking", 'choices = ["Bread", "Cake", "Rolls"]')
_TEXT = _question("remark", "text")
_LAND = _question("land", "country")
_LANDS = _question("lands", "countries")
_TICK = _question("agrees", "checkbox")
_FIRM = _question("firm", "organization")


def _table(
    name: str,
    questions: str,
    *rows: Sequence[str],
    layout: str = "",
    delimiter: str = ",",
    end: str = "\n",
) -> Case:
    """Return a case whose first row is that of the headings."""
    data = text(rows, delimiter, end) if delimiter != "," else _quoted(rows)
    return Case(name, data, "results.csv", codebook=f"{_HEAD}{layout}\n{questions}")


def _quoted(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows with quotes around cells that need them."""

    def cell(content: str) -> str:
        needs = any(each in content for each in ',"\n')
        return f'"{content.replace(chr(34), 2 * chr(34))}"' if needs else content

    return "".join(",".join(map(cell, row)) + "\n" for row in rows).encode()


def _one(name: str, question: str, *texts: str, layout: str = "") -> Case:
    """Return a case of one question with one column."""
    heading = question.split('heading = "')[1].split('"', maxsplit=1)[0]
    rows = [[str(number), each] for number, each in enumerate(texts, start=1)]
    return _table(name, question, ["Id", heading], *rows, layout=f'respondent = "Id"\n{layout}')


SINGLE = [
    _one("untouched", _ROLE, "Owner", "Baker", "Other", ""),
    _one("spellings", _ROLE, "owner", " Baker ", "OTHER", "Ow ner", "Owner\u00a0", "-oth-"),
    _one("write-ins", _ROLE, "Owner", "a friend", "a friend", "my son", "Baker"),
    _one("write-ins, four alike", _ROLE, *["a friend"] * 4, "Owner"),
    _one("write-ins, five alike", _ROLE, *["a friend"] * 5, "Owner"),
    _one("no write-ins", _ROLE, "Owner", "a friend", layout="write_ins = false"),
    _one("missing texts", _ROLE, "NA", "na", "Owner", "n/a", layout='missing = ["NA"]'),
    _one("two that are called other", _question(
        "role", "single", 'choices = ["Owner", "Other", { value = "other2", label = "Other thing" }]'),
        "Owner", "x", "other2"),
    _one("labels and values", _question(
        "role", "single", 'choices = [{ value = "1", label = "Owner" }, { value = "2", label = "Baker" }]'),
        "1", "2.0", "Owner", "baker", "3", "02", "1.5"),
    _one("alike without spaces", _question("role", "single", 'choices = ["AB", "A B", "CD"]'),
         "AB", "A B", "a_b", "C D", "C_D"),
    _one("bands", _SIZE, "1-9", "10 – 49", "50 OR MORE", "5", "9", "10", "49", "50", "1000000"),
    _one("numbers between bands", _SIZE, "0", "9.5", "49.5", "-1", "9,5", "0.5", "1"),
    _one("numbers with decimals", _SIZE, "7.0", "10,00", "9.99", "49.0"),
    _one("numbers with a noun", _SIZE, "7 people", "12 People", "about 9", "people"),
    _one("numbers of which nothing tells", _question("size", "single", _HALVES), "1.024", "2"),
    _one("numbers that one of them tells", _question("size", "single", _HALVES), "1.024", "2,5"),
    _one("numbers that contradict each other", _question("size", "single", _HALVES), "1.024", "2,5", "3.5"),
    _one("numbers with a decimal comma", _question("size", "single", _HALVES), "1.024", "4,5", layout='decimal = ","'),
    _one("numbers with a decimal point", _question("size", "single", _HALVES), "1.024", "4,5", layout='decimal = "."'),
    _one("ends of bands with a gap", _question("size", "single", _HALVES), "4", "4.5", "5", "5.5", "6", "9.5", "999", "1000"),
    _one("grouped numbers", _question("size", "single", _HALVES), "1,024", "1 024", "1'024", "10,24", "1,0240"),
    _one("numbers with powers", _question("size", "single", _HALVES), "1e3", "1E+04", "2e-1", ".5", "+7"),
    _one("dates of bands", _question("size", "single", _SIZES), "01-Sep", "Jan 9", "9-Jan", "2031-01-09", "44935"),
    _one("scores", _question("score", "single", f"choices = [{', '.join(chr(34) + str(n) + chr(34) for n in range(11))}]"),
         "0", "10", "7.0", "11", "x"),
]  # fmt: skip
_DATED = _question(
    "band",
    "single",
    'choices = ["1-1", "1-9", "1-31", "1-32", "12-31", "13-31", "12-5", "10-49", "1-99", "1-2024", "0-5", "5-0", "1-100", "2/3", "4 - 6", "2-29"]',
)
_DAYS = (
    "36525", "36526", "55152", "55153", "36526.0", "2031-01-01", "2031-01-09 00:00:00", "2031-01-09T00:00:00.000", "2031-01-09 10:00:00",
    "2031-01-31", "2031-12-31", "2031-12-05", "2031-05-12", "1949-10-01", "1999-01-01", "2024-01-01", "2024-01-02", "2031-03-02", "2031-02-03",
    "Jan 1", "1-Jan", "09. Jan", "Jan-31", "31 Jan", "Jan 32", "Jan-32", "Dec 5", "5-Dec", "May-12", "Oct-49", "Oct 1949", "Oct-2049", "Jan-99", "Jan 99", "Jan 100",
    "Jan-2024", "1-Jan-24", "Feb 3", "3-Mar", "Apr 6", "6. April", "4-Jun", "Foo 1", "1 Foo", "Jan 0", "May 0", "5-May", "Feb 29", "29-Feb", "1/1", "Dez 31", "31. dezember",
)  # fmt: skip
MULTIPLE = [
    _one("days", _DATED, *_DAYS),
    _one("lists", _MANY, "Ansible;Puppet", "Puppet", "Ansible; Other", "Puppet;Ansible;", ";", "puppet;ANSIBLE"),
    _one("lists with write-ins", _MANY, "Ansible;my own;Puppet", "my own", "mine;yours", "Other;mine"),
    _one("lists with frequent write-ins", _MANY, *["Ansible;my own"] * 5, "Puppet"),
    _one("lists without write-ins", _MANY, "Ansible;my own;Puppet", "a;b", layout="write_ins = false"),
    _one("lists joined by commas", _MANY, "Ansible,Puppet", "Chef, too,Ansible", "Chef,Ansible", layout='separator = ","'),
    _one("lists joined by comma and blank", _MANY, "Ansible, Chef, too", "Chef, too", layout='separator = ", "'),
    _one("lists of own separator", _question("tools", "multiple", f'{_TOOLS}\nseparator = "/"'), "Ansible/Puppet", "Ansible;Puppet"),
    _one("lists in brackets", _MANY, '["Ansible", "Puppet"]', "['Chef, too']", "[]", "[1]", "{Ansible,Puppet}", "['a'"),
    _one("lists of other separators", _MANY, "Ansible | Puppet", "Ansible\nPuppet", "Ansible/Puppet", "Ansible\tOther", "Ansible/x"),
    _one("answers with a bar", _question("tools", "multiple", 'choices = ["a|b", "c"]'), "a|b;c", "c"),
    _one("ambiguous lists", _question("tools", "multiple", 'choices = ["a", "b", "a;b"]'), "a;b", "b;a"),
    _table("ticks", _MANY, ["Id", "Tools - Ansible", "Tools [Chef, too]", "Tools: Puppet", "Tools[Other]"],
           ["1", "1", "0", "Yes", ""], ["2", "x", "no", "", "mine"], ["3", "Ansible", "", "puppet", ""],
           ["4", "TRUE", "False", "✓", "yours"], ["5", "maybe", "", "1.0", "0"], layout='respondent = "Id"'),
    _table("ticks, no write-ins", _MANY, ["Id", "Tools - Ansible", "Tools - Other"], ["1", "1", "mine"],
           ["2", "", "1"], layout='respondent = "Id"\nwrite_ins = false'),
    _table("nothing ticked", _MANY, ["Id", "Tools - Ansible", "Tools - Puppet", "Tools - Other"],
           ["1", "No", "No", "No"], ["2", "Yes", "No", "No"], ["3", "No", "No", ""], ["4", "", "No", ""],
           ["5", "", "", ""], ["6", "No", "No", "x"], layout='respondent = "Id"'),
    _table("nothing ticked, not told", _MANY, ["Id", "Tools - Ansible", "Tools - Puppet"],
           ["1", "No", "No"], ["2", "Yes", "No"], layout='respondent = "Id"\nnothing_ticked = ""'),
    _table("nothing ticked is listed", _question("tools", "multiple", 'choices = ["Ansible", "None of these"]'),
           ["Id", "Tools - Ansible", "Tools - None of these"], ["1", "No", "No"], layout='respondent = "Id"'),
    _table("own texts of choices", _question("tools", "multiple", 'choices = [{ value = "a", column = "c1" }, { value = "b", column = "c2" }]'),
           ["Id", "c1", "c2"], ["1", "Red one", ""], ["2", "Red one", "Blue"], ["3", "", "Blue"], layout='respondent = "Id"'),
    _table("own texts of choices, alike", _question("tools", "multiple", 'choices = [{ value = "a", column = "c1" }, { value = "b", column = "c2" }]'),
           ["Id", "c1", "c2"], ["1", "Red", "Red"], ["2", "Red", ""], layout='respondent = "Id"'),
    _table("own texts of choices, two in one", _question("tools", "multiple", 'choices = [{ value = "a", column = "c1" }, { value = "b", column = "c2" }]'),
           ["Id", "c1", "c2"], ["1", "Red", "Blue"], ["2", "Green", "Blue"], layout='respondent = "Id"'),
    _table("write-ins in a column of their own", _MANY, ["Id", "Tools", "Tools[other]"], ["1", "Ansible", "mine"],
           ["2", "", "yours"], ["3", "Other", "so"], ["4", "Puppet", ""], ["5", "a;b", ""], layout='respondent = "Id"'),
    _table("write-ins beside a single choice", _ROLE, ["Id", "Role", "Role - Other (please specify)"],
           ["1", "Owner", "x"], ["2", "", "friend"], ["3", "", "NA"], ["4", "x", ""],
           layout='respondent = "Id"\nmissing = ["NA"]'),
    _table("no records beside a column for other", _ROLE + _MANY + _GRID + _SIZE + _TICK + _LANDS, ["Id", "Role", "Role[other]", "Tools", "Tools[other]", "Often [Baking]", "S2", "Size", "Agrees", "Lands"], layout='respondent = "Id"'),
    _table("no records of ticks", _MANY, ["Id", "Tools - Ansible", "Tools - Puppet", "Tools - Other"], layout='respondent = "Id"'),
    _table("a column for other beneath a list", _MANY, ["Id", "Tools", "Tools - Other"], ["1", "Ansible", "mine"],
           ["2", "Puppet;Other", ""], layout='respondent = "Id"'),
    _table("column of a choice absent", _MANY, ["Id", "Tools - Ansible", "Tools - Pupet"], ["1", "1", "1"], layout='respondent = "Id"'),
]  # fmt: skip
GRIDS = [
    _table("grid", _GRID, ["Id", "Often - Baking", "S2"], ["1", "Never", "often"], ["2", "x", ""], ["3", "Always", "ALWAYS "], layout='respondent = "Id"'),
    _table("grid with several in a cell", _GRID, ["Id", "Often [Baking]", "S2"], ["1", "Never;Often", "Often"], ["2", "x;Never", ""], ["3", "", "Nevr"], layout='respondent = "Id"'),
    _table("grid of several as said", _question("often", "matrix", 'multiple = true\nchoices = ["Never", "Often"]\nrows = ["Baking"]'),
           ["Id", "Often: Baking"], ["1", "Never"], ["2", "Ofen"], layout='respondent = "Id"'),
    _table("grid, a row in two columns", _GRID, ["Id", "Often[Baking]", "Often - Baking", "S2"], ["1", "Never;Often", "", "Often"], ["2", "", "Always", ""], layout='respondent = "Id"'),
    _table("grid, a row absent", _GRID, ["Id", "Often - Baking", "S3"], ["1", "Never", "x"], layout='respondent = "Id"'),
    _one("ranks", _RANKS, "Bread;Cake", "Rolls;Bread;Cake", "Cake", "Pie;Cake"),
    _table("ranks of items", _RANKS, ["Id", "Order - Bread", "Order - Cake", "Order - Rolls"], ["1", "1", "2.0", "3"], ["2", " 2 ", "", "1"], layout='respondent = "Id"'),
    _table("items of ranks", _RANKS, ["Id", "Order[1]", "Order[2]", "Order[3]"], ["1", "Cake", "Bread", ""], ["2", "Rolls", " ", "Cake"], layout='respondent = "Id"'),
    _table("items of ranks, two columns", _RANKS, ["Id", "Order - 1", "Order - 2"], ["1", "Cake", "Bread"], layout='respondent = "Id"\nseparator = ","'),
    _one("tick", _TICK, "Yes", "no", "", "x", "perhaps", "0", "1.0", "TRUE"),
    _one("country", _LAND, "Germany", "DE", "Korea, Republic of", "Utopia", ""),
    _one("countries", _LANDS, "Germany;Japan", "DE", "Germany;Utopia", "; Japan ;", ""),
    _one("countries by commas", _LANDS, "Germany,Japan", "Japan", layout='separator = ","'),
    _one("texts", _TEXT, "a-b", "x\ny", 'say "hi"', " blank ", "#REF!"),
    _one("organizations", _FIRM, "Example AG", "", "N/A"),
]  # fmt: skip
_ID = 'respondent = "Id"'


def _records(
    name: str, *rows: Sequence[str], layout: str = _ID, questions: str = _ROLE + _TEXT
) -> Case:
    return _table(name, questions, *rows, layout=layout)


_H = ["Id", "Role", "Remark"]
_LEAVE = """respondent = "Id"
[[layout.leave_out]]
column = "Remark"
{}
"""
ROWS = [
    _records("numbers", _H, ["1", "Owner", "a"], ["02", "Baker", "b"], ["7.0", "", "c"], ["R_1", "", "d"], ["", "", "e"]),
    _records("rounded numbers", _H, ["1.14E+11", "Owner", "a"], ["1.15E+11", "Baker", "b"]),
    _records("rounded numbers of deployments", _H, ["1.14E+11", "Owner", "a"], ["3", "Baker", "b"], layout=_ID + '\nunit = "deployment"'),
    _records("no numbers", _H[1:], ["Owner", "a"], ["Baker", "b"], layout=""),
    _records("numbers and deployments", ["Id", "Cloud", "Role", "Remark"], ["1", "7", "Owner", ""], ["1", "8", "Owner", "x"], ["2", "", "", "y"],
             layout=_ID + '\ndeployment = "Cloud"\nunit = "deployment"'),
    _records("deployments alone", ["Cloud", "Role", "Remark"], ["7", "Owner", ""], ["x", "Owner", "x"], layout='deployment = "Cloud"\nunit = "deployment"'),
    _records("a line of words below the headings", _H, ["Number", "What?", "Text"], ["1", "Owner", "a"], ["2", "Baker", "b"]),
    _records("a line with a digit below the headings", _H, ["Number 1", "What?", "Text"], ["1", "Owner", "a"], ["2", "Baker", "b"]),
    _records("a line of words above one record", _H, ["Number", "What?", "Text"], ["1", "Owner", "a"]),
    _records("import numbers below", _H, ["Number", "What?", "Text"], ['{"ImportId":"a"}', '{"ImportId":"b"}', "x"], ["1", "Owner", "a"]),
    _records("import numbers far below", _H, ["Number", "What?", "Text"], ["x", "", ""], ['{"ImportId":"a"}', "", "x"], ["1", "Owner", "a"]),
    _records("blank records", _H, ["1", "Owner", "a"], ["", " ", ""], ["", "", ""], ["2", "Baker", "b"]),
    _records("a total below", _H, ["1", "Owner", "a"], ["2", "Baker", "b"], ["Total", "2", ""]),
    _records("a total alone", _H, ["Total", "2", ""]),
    _records("a total in the midst", _H, ["1", "Owner", "a"], ["Total", "2", ""], ["2", "Baker", "b"]),
    _records("previews", [*_H, "Status"], ["1", "Owner", "a", "IP Address"], ["2", "Baker", "b", "Survey Preview"], ["3", "", "c", "Survey Test"]),
    _records("previews among other words", [*_H, "Status"], ["1", "Owner", "a", "done"], ["2", "Baker", "b", "Survey Preview"]),
    _records("previews that a rule tells", [*_H, "Status"], ["1", "Owner", "a", "IP Address"], ["2", "Baker", "b", "Survey Preview"],
             layout='respondent = "Id"\n[[layout.leave_out]]\ncolumn = "Status"\nis = ["Spam"]\n'),
    *(_records(f"left out: {rule}", _H, *[[str(n), "Owner", t] for n, t in enumerate(("test", "", "3", "49,5", "50", "51", "TEST ", "1.024", "x"), start=1)],
               layout=_LEAVE.format(rule))
      for rule in ('is = ["test"]', 'is_not = ["test", "3"]', "below = 50", "above = 50", "blank = true", "blank = false",
                   'below = 50\nabove = 3', 'is = ["Test"]\nbecause = "a test"', "below = 1000", "above = 1000")),
    _records("left out by a column that is not there", ["Id", "Role", "Remarks"], ["1", "Owner", "a"], layout=_LEAVE.format('is = ["x"]')),
    _records("left out by decimals", _H, ["1", "Owner", "1.024"], ["2", "Owner", "7"], layout='respondent = "Id"\ndecimal = ","\n[[layout.leave_out]]\ncolumn = "Remark"\nabove = 1000\n'),
    _records("the same headings again", _H, ["1", "Owner", "a"], _H, ["2", "Baker", "b"]),
    _records("a record that begins like the headings", _H, ["1", "Owner", "a"], [*_H, "x"], ["2", "Baker", "b"]),
    _records("one cell more", _H, ["1", "Owner", "a", "x"], ["2", "Baker", "b"], ["3", "", ""]),
    _records("one cell less", _H, ["1", "Owner"], ["2", "Baker", "b"], ["3", "", ""]),
    _records("unknown headings", ["Id", "Rol", "Remark", "Extra", ""], ["1", "Owner", "a", "x", ""], ["2", "Baker", "b", "", ""]),
    _records("heading twice", ["Id", "Role", "Role"], ["1", "Owner", "a"]),
    _records("no headings of questions", ["Id", "a", "b"], ["1", "Owner", "a"]),
    _records("half of the headings", ["Id", "Role", "x", "y", "z"], ["1", "Owner", "a", "", ""]),
    _records("a third of the headings", ["Id", "x", "y", "z"], ["1", "a", "", ""]),
    _records("headings with differences", [" id", "ROLE", "Remark\u00a0"], ["1", "Owner", "a"]),
    _records("blank words are kept", _H, ["1", "NULL", "NULL"], ["2", "NULL", "NULL"], ["3", "NULL", "NULL"]),
]  # fmt: skip
_DAY = _ID + '\ncreated = "When"\nlanguage = "Lang"\n'
_W = ["Id", "When", "Lang", "Role"]


def _when(name: str, written: str, *times: str) -> Case:
    rows = [[str(number), time, "en", "Owner"] for number, time in enumerate(times, start=1)]
    return _table(name, _ROLE, _W, *rows, layout=f'{_DAY}time_format = "{written}"\n')


FORMS = [
    _when("times", "%Y-%m-%d %H:%M:%S", "2031-05-01 10:00:00", "soon", " 2031-05-02 10:00:00 ", "2031-05-03 10:00"),
    _when("times of another form", "%m/%d/%Y %I:%M:%S %p", "05/13/2031 01:02:03 PM", "5/1/2031 1:02:03 am", "13/05/2031 1:02:03 PM"),
    _when("times with zones", "%Y/%m/%d %I:%M:%S %p GMT%z", "2031/05/01 3:14:07 PM GMT+2", "2031/05/01 3:14:07 PM GMT-5:30", "2031/05/01 3:14:07 PM"),
    _when("times with Z", "%Y-%m-%dT%H:%M:%S%z", "2031-05-01T10:00:00Z", "2031-05-01T10:00:00+0200", "2031-05-01T10:00:00"),
    _table("two heading lines", _ROLE + _MANY + _TEXT, ["Id", "Role", "", "Tools", "", "", "Remark"],
           ["", "Response", "Other (please specify)", "Ansible", "Puppet", "Other", "Open-Ended Response"],
           ["1", "Owner", "", "Ansible", "", "mine", "a"], ["2", "", "friend", "", "Puppet", "", "b"], layout=_ID + "\nheader_rows = 2\n"),
    _table("two heading lines, the question twice", _ROLE + _TEXT, ["Id", "Role", "Role", "Remark"], ["", "Pick one", "Other (please specify)", "Write"],
           ["1", "Owner", "", "a"], ["2", "", "friend", "b"], layout=_ID + "\nheader_rows = 2\n"),
    _table("two heading lines, a list in one column", _MANY + _TEXT, ["Id", "Tools", "Remark"], ["", "Pick some", "Write"], ["1", "Ansible;Puppet", "a"], layout=_ID + "\nheader_rows = 2\n"),
    _table("two heading lines, the second counts", _ROLE, ["a", "b"], ["Id", "Role"], ["1", "Owner"], layout=_ID + "\nheader_rows = 2\nheading_row = 2\n"),
    _table("two heading lines, the second is short", _ROLE + _TEXT, ["Id", "Role", "Remark"], ["", "Response"], ["1", "Owner", "x"], layout=_ID + "\nheader_rows = 2\n"),
    _table("three heading lines", _ROLE, ["Id", "Role"], ["x", "y"], ['{"ImportId":"a"}', '{"ImportId":"b"}'], ["1", "Owner"], layout=_ID + "\nheader_rows = 3\n"),
    _table("tabs without quotes", _ROLE + _TEXT, _H, ["1", "Owner", "5 inches"], delimiter="\t", layout=_ID),
    Case("tabs and quotes that mean nothing", b'Id\tRole\tRemark\n1\tOwner\t5" disk\n2\tBaker\t"why?\n', "r.tsv", codebook=f"{_HEAD}{_ID}\n{_ROLE}{_TEXT}"),
    Case("not quoted, as said", b'Id;Role;Remark\n1;Owner;5" disk\n2;Baker;"why?\r\n', "r.csv", codebook=f'{_HEAD}{_ID}\nquoted = false\n{_ROLE}{_TEXT}'),
    Case("tabs and quotes with line feeds", b'Id\tRole\tRemark\n1\tOwner\t"two\nlines"\n', "r.tsv", codebook=f"{_HEAD}{_ID}\n{_ROLE}{_TEXT}"),
    _table("a delimiter as said", _ROLE + _TEXT, _H, ["1", "Owner", "a,b"], delimiter="|", layout=_ID + '\ndelimiter = "pipe"\n'),
    _table("a delimiter other than said", _ROLE + _TEXT, _H, ["1", "Owner", "ab"], delimiter=";", layout=_ID + '\ndelimiter = "pipe"\n'),
    _table("escaped quotes", _ROLE + _TEXT, _H, ["1", "Owner", "a"], ["2", "Baker", "b"], layout=_ID, end="\r\n", delimiter=";"),
    Case("backslash before quotes", b'Id,Role,Remark\n1,Owner,"the \\"x\\" family"\n', "r.csv", codebook=f"{_HEAD}{_ID}\n{_ROLE}{_TEXT}"),
    Case("line feed and a record in quotes", b'Id,Role,Remark\n1,Owner,"a\n2,Baker,b"\n', "r.csv", codebook=f"{_HEAD}{_ID}\n{_ROLE}{_TEXT}"),
    Case("line feed and a short line in quotes", b'Id,Role,Remark\n1,Owner,"a\n2,b"\n', "r.csv", codebook=f"{_HEAD}{_ID}\n{_ROLE}{_TEXT}"),
]  # fmt: skip
CASES = [*SINGLE, *MULTIPLE, *GRIDS, *ROWS, *FORMS]
