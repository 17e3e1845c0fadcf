"""Cases of files from which a codebook is drafted: kinds, choices, their order, what belongs together."""

from __future__ import annotations

from collections.abc import Sequence

from tests.exports.record_results import Case


def _draft(name: str, columns: dict[str, Sequence[str]], delimiter: str = ",", *above: str) -> Case:
    """Return the case of a file with some columns; short ones are filled with blanks."""
    size = max(map(len, columns.values()))
    rows = [[*columns]] + [
        [cells[row] if row < len(cells) else "" for cells in columns.values()]
        for row in range(size)
    ]
    lines = [delimiter.join(_cell(each, delimiter) for each in row) for row in rows]
    return Case(
        f"draft: {name}", "\n".join([*above, *lines, ""]).encode(), "my results.csv", draft=True
    )


def _cell(content: str, delimiter: str) -> str:
    needs = any(each in content for each in (delimiter, '"', "\n"))
    return f'"{content.replace(chr(34), 2 * chr(34))}"' if needs else content


def _times(*given: tuple[str, int]) -> list[str]:
    return [text for text, times in given for _ in range(times)]


def _numbers(start: int, stop: int, step: int = 1) -> list[str]:
    return [str(number) for number in range(start, stop, step)]


_YES = ["Yes", "No", "Yes", "Yes", "No", "Yes"]
_WORDS = [f"text number {n}" for n in range(12)]
ONE = {
    "two answers": {"Q": _YES},
    "one tick": {"Q": ["Yes", "", "Yes", ""]},
    "one text": {"Q": ["Red", "", "Red", ""]},
    "nobody answered": {"Q": ["", ""], "R": ["a", "a"]},
    "texts": {"Q": _WORDS},
    "names of persons": {"Your name": _WORDS},
    "half are names of persons": {"Your name": [*_WORDS[:6], *["Ada"] * 6]},
    "employers": {"Company": _WORDS},
    "employers, few": {"Which company do you work for?": _times(("A", 9), ("B", 3))},
    "employers, a quarter": {"Company": [*_WORDS[:3], *["A"] * 9]},
    "a long heading with company": {"Company policy on everything": _times(("A", 9), ("B", 3))},
    "addresses": {"Q": [f"a{n}@b.example" for n in range(4)]},
    "half addresses": {"Q": ["a@b.example", "x", "c@d.example", "y"]},
    "countries": {"Q": ["Germany", "Japan", "France", "x"]},
    "seven of ten countries": {"Q": [*["Germany"] * 7, "x", "y", "z"]},
    "eight of ten countries": {"Q": [*["Germany"] * 8, "x", "y"]},
    "scale from 0 to 10": {"Would you recommend us?": [*_numbers(0, 11), "5"]},
    "scale from 1 to 5": {"Q": ["1", "3", "5", "4.0", "2"]},
    "scale from 1 to 11": {"Q": ["1", "11", "3"]},
    "recommend twice": {"Recommend us?": _numbers(0, 11), "Recommend them?": _numbers(0, 11)},
    "one number": {"Q": ["7", "7", "7"]},
    "numbers": {"Q": _numbers(0, 400, 17)},
    "small numbers": {"Q": _numbers(0, 40, 3)},
    "numbers to 100": {"Q": ["1", "50", "100"]},
    "numbers to 101": {"Q": ["1", "50", "101"]},
    "numbers to 125": {"Q": ["3", "60", "125"]},
    "numbers with decimals": {"Q": ["0.5", "1.5", "2.5", "7.5"]},
    "numbers with decimal commas": {"Q": ["0,5", "1,5", "2,5", "7,5"]},
    "incomes": {"Q": _numbers(31_000, 95_000, 4_000)},
    "negative numbers": {"Q": ["-5", "5", "15"]},
    "nine of ten numbers": {"Q": [*_numbers(1, 90, 10), "many"]},
    "eight of ten numbers": {"Q": [*_numbers(1, 80, 10), "many", "few"]},
    "a phone of each": {"Phone": _numbers(5_000, 5_021)},
    "a phone of twenty": {"Phone": _numbers(5_000, 5_020)},
    "lists by semicolons": {"Q": ["a;b", "a", "b;c", "a;c", "c", "b"]},
    "lists by commas": {"Q": ["ab, cd", "ab", "cd, ef", "ab, ef", "ef", "cd"]},
    "lists by bars": {"Q": ["a|b", "a", "b|c", "a|c", "c"]},
    "lists with a choice that holds the separator": {
        "Q": ["Scale, digital, Mixer", "Scale, digital", "Mixer, Oven", "Oven", "Oven, Scale, digital", "Mixer"]
    },
    "lists with a bracket": {"Q": ["Bash (all, too), C", "C", "Bash (all, too)", "C, D", "D", "Bash (all, too), D"]},
    "lists with write-ins": {"Q": ["a;b", "a;x1", "b;c", "a;c", "b;x2", "c"]},
    "lists of long texts": {"Q": [f"{'x' * 130};{'y' * 130}", f"{'x' * 130}", f"{'y' * 130}"] * 2},
    "two combinations": {"Q": ["a;b", "b;c"] * 3},
    "two combinations and one alone": {"Q": ["a;b", "b;c", "a"] * 3},
    "two combinations and two alone": {"Q": ["a;b", "b;c", "a", "c"] * 3},
    "three combinations of four": {"Q": ["a;b", "b;c", "c;d", "d;a"] * 3},
    "lists of which few repeat": {"Q": ["a;b", "a;c1", "b;c2", "a;b", "c3;c4", "c5;c6"]},
    "lists of letters of 119": {"Q": [f"{'x' * 118};{'y' * 118}", f"{'x' * 118};z", f"{'y' * 118};z", "z"] * 2},
    "lists of two pieces": {"Q": ["a;b", "b;a", "a", "b"] * 2},
    "a list in one of twelve": {"Q": [*["a", "b"] * 6, "a;b"]},
    "a list in two of thirty": {"Q": [*["a", "b"] * 14, "a;b", "b;a"]},
    "a list in three of thirty": {"Q": [*["a", "b"] * 14, "a;b", "b;a", "a;b"]},
    "choices and write-ins": {"Q": [*_times(("Red", 6), ("Blue", 5)), "green", "pink", "none at all"]},
    "choices and other": {"Q": _times(("Red", 6), ("Other", 5), ("Blue", 3))},
    "choices six of ten": {"Q": [*["Red"] * 3, *["Blue"] * 3, "a", "b", "c", "d"]},
    "choices five of ten": {"Q": [*["Red"] * 3, *["Blue"] * 2, "a", "b", "c", "d", "e"]},
    "all different, three": {"Q": ["a", "b", "c"]},
    "all different, four": {"Q": ["a", "b", "c", "d"]},
    "twelve answers, few texts": {"Q": ["a", "b", "c", "d", "e", "f"] * 2},
    "twelve answers, one text more": {"Q": [*["a", "b", "c", "d", "e", "f"], *["a", "b", "c", "d", "e"], "g"]},
    "thirteen answers": {"Q": [*["a", "b", "c", "d", "e", "f"] * 2, "g"]},
    "sixty choices": {"Q": [f"c{n}" for n in range(60)] * 2},
    "sixty-one choices": {"Q": [f"c{n}" for n in range(61)] * 2},
    "long choices": {"Q": ["x" * 160, "y" * 160] * 3},
    "longer choices": {"Q": ["x" * 161, "y" * 161] * 3},
    "one choice among texts": {"Q": ["Red", "Red", "Red", "Red", "a", "b", "c"]},
    "a hundred answers": {"Q": [*_times(("Red", 60), ("Blue", 30)), *_times(("green", 2), ("pink", 2), ("teal", 3)), "x", "y", "z"]},
    "rare choices are listed": {"Q": [*_times(("Red", 20), ("Blue", 16)), "teal"]},
    "bands": {"Q": _times(("50 or more", 2), ("1-9", 3), ("10-49", 2))},
    "bands and don't know": {"Q": _times(("50+", 2), ("1 to 9", 3), ("10 to 49", 2), ("Don't know", 2))},
    "bands with thousands": {"Q": _times(("1,000 to 9,999", 2), ("less than 1k", 3), ("over 10k", 2))},
    "bands that overlap": {"Q": _times(("1-10", 2), ("5-49", 3), ("50+", 2))},
    "bands that touch": {"Q": _times(("1-10", 2), ("10-50", 3), ("50+", 2))},
    "two bands": {"Q": _times(("1-9", 2), ("10+", 3))},
    "bands and write-ins": {"Q": [*_times(("1-9", 6), ("10-49", 5), ("50+", 4)), "so many that I cannot count them at all"]},
    "bands in a list": {"Q": ["1-9;10-49", "1-9", "10-49;50+", "50+", "1-9;50+"]},
    "a scale": {"Q": _times(("Always", 4), ("Never", 3), ("Sometimes", 2))},
    "a scale and not sure": {"Q": _times(("Not sure", 5), ("Agree", 4), ("Disagree", 3), ("Neutral", 2))},
    "yes, no and maybe": {"Q": _times(("Yes", 4), ("No", 3), ("Maybe", 2))},
    "letters beyond ASCII": {"Größe?": _YES, "日本": _YES, "2nd": _YES},
    "reserved names": {"Weight": _YES, "weight": _YES, "Group by": _YES, "respondent": _YES},
    "names alike": {"Colour": _YES, "colour!": _YES, "Colour?": _YES},
    "a name of forty-one letters": {"How many of the people whom you know well enjoy it?": _YES},
    "quotes in texts": {'The "best"': ['so "so"', "no", 'so "so"', "no"]},
    "line feeds in a heading": {"What\nis it?": _YES},
    "markup in a heading": {"<b>What</b> is it? - Selected Choice": _YES},
}  # fmt: skip
_RED = _times(("Red", 20), ("Blue", 16))
LIMITS = {
    "seven names of fourteen": {"Your name": [*_WORDS[:6], *["Ada"] * 8]},
    "eight names of fourteen": {"Your name": [*_WORDS[:7], *["Ada"] * 7]},
    "ninety-nine answers": {"Q": [*_times(("Red", 60), ("Blue", 30)), *_times(("green", 2), ("pink", 2)), *["w", "x", "y", "z", "?"]]},
    **{f"rest of {n} letters": {"Q": [*_RED, "x" * n]} for n in (16, 17, 18, 19)},
    **{f"{n} texts": {"Q": [*_RED * 2, *[f"t{k}" for k in range(n - 2)]]} for n in (11, 12, 13)},
    **{f"{n} answers of four texts": {"Q": [*_times(("Red", n - 5), ("Blue", 3)), "a", "b"]} for n in (11, 12, 13)},
    **{f"a list in two of {n}": {"Q": [*["a", "b"] * 11, *["a"] * (n - 24), "a;b", "b;a"]} for n in (24, 25, 26)},
    "lists by two signs": {"Q": ["a;b, c", "b, c;a", "a", "b, c", "a;d", "d"] * 2},
    "lists by signs alike": {"Q": ["a;b,c", "b,c;a", "a;b", "c,d", "d;a", "c,a"] * 2},
    **{f"a piece twice in {n}": {"Q": [*["a;b", "b;c", "c;a"] * n, "d;a", "d;b"]} for n in (49, 50)},
    "a piece three times in 50": {"Q": [*["a;b", "b;c", "c;a"] * 50, "d;a", "d;b", "c;d"]},
    "a piece three times in 49": {"Q": [*["a;b", "b;c", "c;a"] * 49, "d;a", "d;b", "c;d"]},
    **{f"lists of {n} pieces": {"Q": [f"p{k};p{(k + 1) % n}" for k in range(n)] + [f"p{k}" for k in range(n)]} for n in (60, 61)},
    **{f"lists in rows of {n} levels": {f"Q [{r}]": [f"l{k};l{(k + 1) % n}" for k in range(n)] + [f"l{k}" for k in range(n)] for r in "AB"} for n in (12, 13)},
    **{f"{n} of {n + 1} levels shared": {"Q [A]": ["Never", "Often"] * (n // 4) + ["Never"] * (n % 4) + ["so"], "Q [B]": ["Often", "Never"] * (n // 4)} for n in (8, 9, 10, 11)},
    **{f"ranks twice in one of {n}": {"Q [A]": ["1"] * (n - 1) + ["2"], "Q [B]": ["2"] * n} for n in (19, 20, 21)},
    **{f"other in {n} letters": {"Q [Red]": _YES, f"Q [Other {'x' * (n - 10)}]": ["mine", "", "yours"]} for n in (59, 60, 65)},
    **{f"ticks of {len(word)} letters": {"Q - A": [word, "", word], "Q - B": ["", word, word]} for word in ("Re", "Red", "Redd")},
    "a name of forty letters": {"How many of the people whom you know we": _YES, "How many of the people whom you know wel": _YES},
    "numbers of eleven values": {"Q": [*_numbers(0, 11), *_numbers(0, 11)], "R": _numbers(0, 11)[::-1] * 2, "S": _numbers(1, 12) * 2},
    "half numbers": {"Q": ["0.5", "1", "2"] * 4},
    "numbers of a hundred": {"Q": _numbers(1, 101)}, "larger numbers": {"Q": _numbers(101, 140)}, "much larger numbers": {"Q": _numbers(1_000, 9_000, 100)},
}  # fmt: skip
_TICKS = ["1", "", "1", "", "1"]
SEVERAL = {
    "a column for each choice": {"Q - Red": _TICKS, "Q - Blue": _TICKS[::-1], "R": _YES},
    "a column for each choice, in brackets": {"Q [Red]": ["Yes", "No", "Yes"], "Q [Blue]": ["No", "No", "Yes"]},
    "a column for each choice, as REDCap": {"tools___1": ["1", "0"] * 3, "tools___2": ["0", "1"] * 3},
    "a column for each choice, with its text": {"Q1_1": ["Red", "", "Red"], "Q1_2": ["", "Blue", "Blue"], "Q1_3_TEXT": ["x", "", ""]},
    "a column for each choice, other": {"Q/Red": _TICKS, "Q/Blue": _TICKS, "Q/Other": ["mine", "", "yours"]},
    "a column for each choice, other ticked": {"Q/Red": _TICKS, "Q/Blue": _TICKS, "Q/Other": ["Yes", "", "Yes"]},
    "one column and other": {"Q": _YES, "Q [Other]": ["mine", "", "yours"]},
    "one column and part": {"Q": _YES, "Q [More]": _YES},
    "levels": {"Q [A]": ["Never", "Often", "Never", "Always"], "Q [B]": ["Often", "Often", "Always", "Never"]},
    "levels of a few": {"Q [A]": ["Never", "Often"], "Q [B]": ["Often", "Always"]},
    "levels that differ": {"Q [A]": ["Red", "Blue"] * 3, "Q [B]": ["Cat", "Dog"] * 3},
    "levels with lists": {"Q [A]": ["Mon;Tue", "Mon", "Tue;Wed"] * 2, "Q [B]": ["Wed", "Mon;Wed", "Tue"] * 2},
    "thirteen levels": {f"Q [{n}]": [f"l{m}" for m in range(13)] for n in range(3)},
    "twelve levels": {f"Q [{n}]": [f"l{m}" for m in range(12)] for n in range(3)},
    "ranks": {"Q [A]": ["1", "2", "3", ""], "Q [B]": ["2", "1", "1", ""], "Q [C]": ["3", "3.0", "2", "1"]},
    "ranks twice": {"Q [A]": ["1", "2", "3", "1"], "Q [B]": ["2", "1", "1", "1"], "Q [C]": ["3", "3", "2", "2"]},
    "ranks beyond": {"Q [A]": ["1", "2"], "Q [B]": ["2", "4"], "Q [C]": ["3", "1"]},
    "ticks in words": {"Q [A]": ["Quoted", "Not"] * 3, "Q [B]": ["Quoted", "Not"] * 3},
    "ticks in own words": {"Q [A]": ["chosen", ""] * 3, "Q [B]": ["", "chosen"] * 3},
    "ticks and numbers": {"Q [A]": ["2", "0"] * 3, "Q [B]": ["0", "2"] * 3},
    "blank columns": {"Q [A]": ["", ""], "Q [B]": ["", ""], "R": ["a", "a"]},
    "texts of parts": {"Q [A]": _WORDS[:5], "Q [B]": _WORDS[5:10]},
    "points between": {"tools.1": _TICKS, "tools.2": _TICKS},
    "colons between": {"Tools: Red": _TICKS, "Tools: Blue": _TICKS, "Tools: Blue thing: deep": _TICKS},
    "a part alone": {"Tools [Red]": _YES, "Other [Blue]": _YES},
    "the same choice twice": {"Q - Red": ["Red!!", "", "Red!!"], "Q - Blue": ["Red!!", "Red!!", ""]},
    "brackets in brackets": {"Q [Red [deep]]": _TICKS, "Q [Blue]": _TICKS},
}  # fmt: skip
_ROWS = ["Ansible", "", "Ansible"], ["", "Puppet", ""]
ADDED = {
    "what a tool adds": {
        "Response ID": _numbers(1, 7), "StartDate": ["2031-05-01 10:00:00"] * 6, "IP Address": ["x"] * 6,
        "UserLanguage": ["EN"] * 6, "Progress": ["100"] * 6, "Q1": _YES, "Q1_Page Submit": ["3.1"] * 6,
    },
    "numbers that do not tell records apart": {"id": ["1", "1", "2", "3"], "Q": _YES[:4]},
    "numbers of nine in ten": {"id": [*_numbers(1, 10), ""], "Q": [*_YES, *_YES[:4]]},
    "numbers of eight in ten": {"id": [*_numbers(1, 9), "", ""], "Q": [*_YES, *_YES[:4]]},
    **{
        f"times such as {time}": {"Timestamp": [time] * 3, "Q": ["a", "a", "b"]}
        for time in (
            "2031/05/01 3:14:07 PM GMT+2", "05/13/2031 01:02:03 PM", "05/13/2031 01:02:03", "5/13/2031 1:02",
            "13.05.2031 01:02:03", "2031-05-01T10:00:00", "soon",
        )
    },
    "half of the times": {"Timestamp": ["2031-05-01 10:00:00", "soon"], "Q": ["a", "a"]},
    "more than half of the times": {"Timestamp": ["2031-05-01 10:00:00"] * 2 + ["soon"], "Q": ["a"] * 3},
    "times of a form": {"Time to answer": ["3", "4"], "answerTime": ["3", "4"]},
}  # fmt: skip
_LINES = {
    "two heading lines": "Id,Tools?,,Year\n,Ansible,Puppet,Response\n1,Ansible,,2019\n2,,Puppet,2020\n3,Ansible,,2019\n",
    "two heading lines, plain": "Id,Tools\n,Response\n1,Ansible\n2,Puppet\n3,Ansible\n",
    "two heading lines, number in the second": "Id,Tools?,\n1,Ansible,Puppet\n1,Ansible,\n2,,Puppet\n",
    "two heading lines, other": "Id,Role?,,Q\n,Response,Other (please specify),Response\n1,Baker,,a\n2,Baker,x,a\n3,,y,b\n",
    "three heading lines": 'Q1,Q2_1,Q2_2\nLike it?,Tools? - Red,Tools? - Blue\n"{""ImportId"":""a""}",x,y\nYes,1,\nNo,,1\nYes,1,1\n',
    "two heading lines with numbers": 'Q1,Q2\n"{""ImportId"":""a""}",x\nYes,1\nNo,2\nYes,3\n',
    "three heading lines, selected choice": 'Q1_1,Q1_2\n"What? - Selected Choice - Red","What? - Selected Choice - Blue"\n"{""ImportId"":""a""}",y\nRed,\n,Blue\nRed,Blue\n',
    "import numbers in the third line": 'Q1,Q2\nx,y\n"{""ImportId"":""a""}",z\nYes,a\nNo,b\nYes,a\n',
    "import numbers in the fourth line": 'Q1,Q2\nx,y\nx,y\n"{""ImportId"":""a""}",z\nYes,a\nNo,b\nYes,a\n',
    "three lines": "Q1,Q2\nx,y\nx,z\n",
    "two lines": "Q1,Q2\nx,y\n",
    "a heading line alone": "a,b\n",
    "a line alone": "a",
    "semicolons": "Id;Q\n1;a,b\n2;a,b\n3;c\n",
    "tabs": "Id\tQ\n1\ta\n2\ta\n3\tc\n",
    "bars": "Id|Q\n1|a\n2|a\n3|c\n",
    "tabs and bare quotes": 'Id\tQ\n1\t5" disk\n2\t5" disk\n3\tc\n',
    "a stray quote": 'Id,Q\n1,"a\n2,b\n',
    "a stray quote in the headings": 'Id,"Q\n1,a\n',
    "irregular records": "Id,Q\n1,a\n2,a,x\n3\n4,b\n",
    "columns without headings": "Id,,Q\n1,x,a\n2,y,a\n3,z,b\n",
    "windows-1252": "Id,Größe\n1,groß\n2,groß\n3,klein\n",
}
CASES = [
    *(
        _draft(name, columns)
        for group in (ONE, LIMITS, SEVERAL, ADDED)
        for name, columns in group.items()
    ),
    *(
        Case(
            f"draft: {name}",
            found.encode("cp1252" if "1252" in name else "utf-8"),
            "d.csv",
            draft=True,
        )
        for name, found in _LINES.items()
    ),
]
