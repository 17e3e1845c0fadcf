"""Coding frames: files, codes, proposals; and what of the texts leaves."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

import survey as sv
from survey.errors import CodebookError, DisclosureError, ResponsesError
from survey.responses import (
    Code,
    Decision,
    Frame,
    Proposal,
    Responses,
    code,
    coverage,
    propose_frame,
    read_coding_frame,
    write_frame,
)
from survey.responses.coding.frame_file import parse_frame
from survey.responses.coding.frame_text import frame_text
from survey.responses.coding.wording import PERSONAL, joined, says_nothing

WISHES = Frame(
    "wishes",
    ("further_enhancement",),
    (
        Code("Upgrades", words=("upgrad*",)),
        Code("Documentation", words=("docs", "document*")),
        Code("Community", words=("community",), since="2024"),
    ),
)


@pytest.fixture(scope="module")
def answers(invented: Responses) -> Responses:
    return invented


@pytest.fixture(scope="module")
def coded(answers: Responses) -> Responses:
    return code(answers, WISHES)


def texts_of(answers: Responses, edition: str) -> pd.Series:
    here = answers.respondents["edition"].astype(str) == edition
    return answers.respondents.loc[here, "further_enhancement"].dropna()


# ---------------------------------------------------------------- files

TEXT = """\
# ours
[frame]
name = "wishes"
questions = ["further_enhancement", "liked_most"]
decided = 2025-09-01
note = "first try"

[[codes]]
label = "Upgrades"      # kept
synonyms = ["upgradability"]
words = ["upgrad*"]
since = "2018"
until = "2024"
questions = ["further_enhancement"]

[[proposals]]
decision = "accepted"
label = "Documentation"
words = ["docs"]
organizations = 7
answers = 9
score = 0.1
"""


def test_a_frame_says_what_its_file_says() -> None:
    frame = parse_frame("f.toml", TEXT.encode())
    assert frame.questions == ("further_enhancement", "liked_most")
    assert frame.decided == date(2025, 9, 1)
    assert frame.labels("further_enhancement", "2024") == ("Upgrades", "Documentation")
    assert frame.labels("further_enhancement", "2025") == ("Documentation",)
    assert frame.labels("liked_most", "2020") == ("Documentation",)
    assert frame.proposals[0].organizations == 7


def test_every_mistake_is_named_at_once_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text(
        """
[frame]
name = "wishes"
question = ["liked_most"]
[[codes]]
lable = "Upgrades"
[[codes]]
label = "Docs"
synonyms = ["manual"]
words = ["up*grade", "a*"]
since = "2024"
until = "2020"
[[codes]]
label = "Manuals"
synonyms = ["Manual!", "..."]
[[codes]]
label = "Not coded"
[[codes]]
label = "ask ada@firm.example"
[[proposals]]
decision = "acepted"
label = "Cost"
question = "liked_mots"
[[extra]]
""",
        encoding="utf-8",
    )
    with pytest.raises(ResponsesError) as caught:
        read_coding_frame(path)
    said = str(caught.value)
    for expected in (
        "did you mean 'questions'",
        "no questions",
        "did you mean 'label'",
        "'*' at the end of a word only",
        "at least three letters",
        "since no later than until",
        "letters or digits",
        "every coded question has that",
        "an address or a number of a person",
        "did you mean 'accepted'",
        "the question 'liked_mots'",
        "unknown table 'extra'" if "unknown table" in said else "'extra'",
    ):
        assert expected in said
    assert "ada@firm.example" not in said
    assert len(caught.value.problems) >= 12


def test_a_text_for_two_codes_is_a_mistake() -> None:
    text = '[frame]\nname="f"\nquestions=["liked_most"]\n' + "".join(
        f'[[codes]]\nlabel="{label}"\nsynonyms=["{synonym}"]\n'
        for label, synonym in (("Docs", "the Manual"), ("Books", "the-manual"))
    )
    with pytest.raises(ResponsesError, match="'Docs' and 'Books'"):
        parse_frame("f.toml", text.encode())


@pytest.mark.parametrize("content", [b"[frame", b"\xff\xfe", b"frame = 3", b"", b"[[frame]]"])
def test_what_is_no_frame_is_an_error_of_ours(content: bytes) -> None:
    with pytest.raises(ResponsesError):
        parse_frame("f.toml", content)


WORDS = st.text(string.ascii_letters + 'äж中"\\ \x7f\n', min_size=1, max_size=12).filter(
    lambda text: joined(text) and not PERSONAL.search(text)
)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4, unique_by=lambda pair: joined(pair[0])))
def test_a_written_frame_is_read_back(pairs: list[tuple[str, str]]) -> None:
    taken = {joined(label) for label, _ in pairs}
    codes = tuple(Code(label, note=note, decided=date(2025, 1, 2)) for label, note in pairs)
    proposals = tuple(
        Proposal(f"p{number}", (note,), score=0.5, organizations=3, editions=("2024",))
        for number, (_, note) in enumerate(pairs)
        if joined(note) not in taken and not taken.add(joined(note))
    )
    frame = Frame("drawn", ("liked_most",), codes, proposals, note="über\nalles")
    read = parse_frame("f.toml", frame_text(frame).encode())
    assert replace(read, digest="") == frame


def test_proposals_are_added_and_every_line_stays(tmp_path: Path, answers: Responses) -> None:
    path = tmp_path / "wishes.toml"
    path.write_text(TEXT, encoding="utf-8")
    draft = propose_frame(answers, "further_enhancement", frame=read_coding_frame(path))
    written = write_frame(draft, path)
    after = path.read_text(encoding="utf-8")
    assert written > 0
    assert after.startswith(TEXT)
    assert write_frame(propose_frame(answers, frame=read_coding_frame(path)), path) >= 0
    again = propose_frame(answers, frame=read_coding_frame(path))
    assert len(again.proposals) == len(read_coding_frame(path).proposals), (
        "nothing is proposed twice"
    )


# ---------------------------------------------------------------- codes


def test_codes_are_those_that_a_search_by_hand_finds(answers: Responses, coded: Responses) -> None:
    column = coded.respondents["further_enhancement_coded"].array
    for text, given_codes in zip(answers.respondents["further_enhancement"], column, strict=True):
        if not isinstance(text, str):
            assert given_codes is None
            continue
        low = text.casefold()
        if says_nothing(text):
            assert given_codes == ("Says nothing",)
            continue
        assert ("Upgrades" in given_codes) == ("upgrad" in low)
        assert ("Documentation" in given_codes) == ("docs" in low or "document" in low)
        others = {"Upgrades", "Documentation", "Community"} & set(given_codes)
        assert ("Not coded" in given_codes) == (not others)


def test_coded_answers_are_tabulated_like_any_multiple_response(
    answers: Responses, coded: Responses
) -> None:
    table = sv.share(coded, "further_enhancement_coded", by="edition").frame
    for edition in ("2023", "2024"):
        texts = texts_of(answers.where(~answers.respondents["copied"]), edition)
        said = texts[~texts.map(says_nothing)]
        rows = table[table["edition"] == edition].set_index("answer")
        assert (rows["base"].drop("Community") == len(said)).all()
        upgrades = said.str.casefold().str.contains("upgrad").sum()
        assert rows.loc["Upgrades", "count"] == upgrades
        assert rows.loc["Upgrades", "declined"] == len(texts) - len(said)
    early = table[(table["edition"] == "2023") & (table["answer"] == "Community")].iloc[0]
    assert early["status"] == "not offered", "a code of 2024 is not 0 % before"


def test_other_verbs_take_coded_answers(coded: Responses) -> None:
    change = sv.compare(coded, "further_enhancement_coded", "2023", "2024")
    assert set(change.frame["verdict"]) <= {"clear change", "could be noise", "not comparable"}
    assert len(sv.crosstab(coded, "further_enhancement_coded", "organization_size").frame)
    assert "further_enhancement_coded" in sv.topline(coded)
    assert sv.figure(sv.share(coded.in_edition("2024"), "further_enhancement_coded")) is not None


def test_the_unmatched_share_is_told_roughly_and_only_of_many(answers: Responses) -> None:
    words = ("upgrad*", "docs", "document*", "community", "stable", "monitoring", "cost*")
    frame = Frame("many", ("further_enhancement",), (Code("Themes", words=words),))
    many = code(answers, frame)
    note = many.question("further_enhancement_coded").note
    rows = coverage(many)
    rows = rows[rows["concept"] == "further_enhancement"]
    assert len(rows) == 2
    for row in rows.itertuples():
        assert f"about {round(row.share * 10) * 10} % ({row.edition})" in note
        assert str(row.unmatched) not in note.replace(f"({row.edition})", "")
    first = answers.where(answers.respondents["respondent"].rank() <= 30)
    assert "%" not in code(first, frame).question("further_enhancement_coded").note


def test_codes_survive_pooling_and_selection(answers: Responses, coded: Responses) -> None:
    parts = [code(answers.in_edition(name), WISHES) for name in ("2023", "2024")]
    column = "further_enhancement_coded"
    whole, pooled = (sv.share(each, column, by="edition").frame for each in (coded, sv.pool(parts)))
    assert whole[["answer", "count", "base"]].equals(pooled[["answer", "count", "base"]])


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        (("liked_mots",), "did you mean 'liked_most'"),
        (("workloads",), "its write-ins are 'workloads_other'"),
        (("first_name",), "identifies nobody"),
        (("organization_name",), "expected a text"),
    ],
)
def test_what_cannot_be_coded(answers: Responses, questions: tuple[str, ...], says: str) -> None:
    with pytest.raises(ResponsesError, match=says):
        code(answers, Frame("wrong", questions))


def test_a_question_is_coded_once(answers: Responses, coded: Responses) -> None:
    with pytest.raises(ResponsesError, match="coded already"):
        code(coded, WISHES)
    with pytest.raises(ResponsesError, match="in frame 'wishes', too"):
        code(answers, WISHES, replace(WISHES, name="second"))
    again = {"2024": [coded.codebook.question("further_enhancement_coded")]}
    with pytest.raises(CodebookError):
        coded.codebook.with_questions(again)


# ---------------------------------------------------------------- what leaves


def test_labels_of_codes_pass_the_gate_and_texts_do_not(coded: Responses) -> None:
    now = coded.in_edition("2024")
    table = sv.share(now, "further_enhancement_coded")
    published = sv.protect([table], title="Wishes", edition="2024", answers=now)
    assert set(table.frame["answer"]) <= {"Upgrades", "Documentation", "Community", "Not coded"}
    assert len(published) == 1
    slipped = table.frame.assign(answer=["It just works", *table.frame["answer"][1:]])
    with pytest.raises(DisclosureError, match="does not list") as error:
        sv.protect([replace(table, frame=slipped)], title="Wishes", edition="2024", answers=now)
    assert "It just works" not in str(error.value)


def test_without_the_answers_unknown_labels_are_refused(coded: Responses) -> None:
    table = sv.share(coded.in_edition("2024"), "further_enhancement_coded")
    with pytest.raises(DisclosureError, match="a label of the codebook"):
        sv.protect([table], title="Wishes", edition="2024")


# ---------------------------------------------------------------- proposals


@pytest.mark.parametrize("question", ["deployment_tools", "operating_system", "liked_most"])
def test_a_proposal_is_nothing_that_few_wrote(answers: Responses, question: str) -> None:
    draft = propose_frame(answers, question, least=4)
    (concept,) = draft.questions
    unit = answers.question(concept).unit
    table = answers.frame(unit)
    wrote = table[[concept, "organization"]].dropna()
    assert draft.proposals
    for proposal in draft.proposals:
        assert proposal.organizations >= 4
        for text in (proposal.label, *proposal.synonyms):
            if text in answers.codebook.question(concept).labels or proposal.words:
                continue
            same = wrote[wrote[concept].map(lambda each, text=text: joined(text) in joined(each))]
            assert same["organization"].nunique() >= 4 or "of the name" in proposal.evidence
        for word in proposal.words:
            stem = word.split()[0].rstrip("*")
            users = wrote[wrote[concept].str.casefold().str.contains(stem, regex=False)]
            assert users["organization"].nunique() >= 4


def test_rare_and_personal_texts_are_counted_and_not_shown(answers: Responses) -> None:
    concept = "deployment_tools_other"
    table = answers.deployments.copy()
    secret = ["Acme Special Stack", "call +49 30 1234567", "ask ada@acme.example", "acme.example/x"]
    rows = table.index[:12]
    table.loc[rows, concept] = [*secret * 3]
    owners = [f"org-{number}" for number in range(4)] * 3
    table.loc[rows, "organization"] = sorted(owners)  # the stack: of three organizations at most
    changed = replace(answers, deployments=table)
    few = propose_frame(changed, "deployment_tools", least=5)
    text = frame_text(few)
    assert not any(each in text for each in ("Acme", "1234567", "ada@", "acme.example"))
    assert few.withheld["rare"] >= 3
    assert few.withheld["personal"] >= 6
    everything = frame_text(propose_frame(changed, "deployment_tools", least=1))
    assert "Acme Special Stack" in everything
    assert not any(each in everything for each in ("1234567", "ada@"))


def test_names_of_respondents_are_no_themes(answers: Responses) -> None:
    people = answers.respondents.copy()
    rows = people.index[people["liked_most"].isna()][:30]
    people.loc[rows, "liked_most"] = "Zoraida helped with magnum"
    people["first_name"] = "Zoraida"
    known = replace(answers, respondents=people, identified=True)
    hidden = replace(answers, respondents=people)
    words = {w for p in propose_frame(known, "liked_most").proposals for w in p.words}
    assert "magnum" in " ".join(words)
    assert "zoraida" not in " ".join(words)
    assert "zoraida" in frame_text(propose_frame(hidden, "liked_most")), "the test can see it"


def test_last_years_frame_leaves_only_what_is_new(answers: Responses) -> None:
    first = propose_frame(answers.in_edition("2023"), "deployment_tools")
    accepted = tuple(replace(p, decision=Decision.ACCEPTED) for p in first.proposals[:-1])
    rejected = (replace(first.proposals[-1], decision=Decision.REJECTED),)
    kept = replace(first, proposals=(*accepted, *rejected))
    second = propose_frame(answers.in_edition("2024"), frame=kept)
    new = second.proposals[len(kept.proposals) :]
    known = {joined(p.label) for p in first.proposals}
    assert not known & {joined(p.label) for p in new}
    coded = code(answers.in_edition("2024"), kept)
    before = coverage(answers.in_edition("2024"))
    after = coverage(coded)
    shares = [
        rows.loc[rows["concept"] == "deployment_tools_other", "share"].item()
        for rows in (before, after)
    ]
    assert shares[1] < shares[0] / 2


def test_spellings_are_grouped_and_versions_too() -> None:
    from survey.responses.coding.spellings import proposed_spellings
    from survey.responses.coding.voices import Tally

    tally = Tally()
    spelled = (
        ["Rocky Linux 9"] * 4 + ["rocky-linux"] * 3 + ["Rocky Linux 8.6"] * 3 + ["AlmaLinux"] * 3
    )
    for row, text in enumerate([*spelled, "Alma Linx"]):
        tally.count(text, row, f"org{row}", "2024")
    first, second = proposed_spellings(tally, "", 3, (), None)
    assert (first.organizations, set(first.synonyms)) == (10, {"rocky-linux", "Rocky Linux 8.6"})
    assert (second.label, second.organizations, second.synonyms) == ("AlmaLinux", 4, ())
