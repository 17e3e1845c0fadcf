"""All changes of a questionnaire that the harness draws from."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.new_edition.changes import (
    Change,
    Form,
    add_choice,
    drop_question,
    merge_choices,
    move_column,
    new_question,
    one_now,
    other_bands,
    remove_choice,
    rename_choice,
    rename_heading,
    several_now,
    split_choice,
    versioned_releases,
)
from tests.new_edition.sly_changes import (
    drop_row,
    other_unit,
    split_question,
    swap_columns,
    swap_labels,
    synonym_choice,
)

ALL: dict[str, Change] = {
    "rename_heading": rename_heading,
    "rename_choice": rename_choice,
    "remove_choice": remove_choice,
    "add_choice": add_choice,
    "merge_choices": merge_choices,
    "split_choice": split_choice,
    "other_bands": other_bands,
    "versioned_releases": versioned_releases,
    "drop_question": drop_question,
    "several_now": several_now,
    "one_now": one_now,
    "move_column": move_column,
    "new_question": new_question,
    "synonym_choice": synonym_choice,
    "swap_labels": swap_labels,
    "swap_columns": swap_columns,
    "other_unit": other_unit,
    "drop_row": drop_row,
    "split_question": split_question,
}
FAITHFUL = ("rename_heading", "rename_choice", "add_choice", "split_choice", "other_bands",
            "versioned_releases", "drop_question", "new_question", "move_column")  # fmt: skip


def change_form(form: Form, rng: random.Random, number: int, ways: Sequence[str] = ()) -> list[str]:
    """Make changes, each to a question of its own; return what was done."""
    done: list[str] = []
    for _ in range(50 * number):
        if len(done) == number:
            break
        name = rng.choice(list(ways or ALL))
        if ALL[name](form, rng):
            done.append(name)
    return done
