"""Files: read only where they are files, replaced whole or not at all, never another's.

Every room reads and writes through these few functions::

    read_file, open_file     the content of a regular file; a pipe or a device is refused
    read_toml, toml_of       TOML that people write, or what is wrong with it
    write_file, edit_file    a file replaced whole or not at all
    replace_folders          folders replaced whole, by one run at a time, if all in them is ours
    write_among_others       files of ours where others' lie, too
    foreign_files            what lies in a written folder and is not ours
    signed, refuse_other_page  a page that is known again as ours
    published_around         final publications among which a file would stand
    noted_in                 what final publications say of the ledger that they are noted in
    alone_in                 the lock that keeps other runs waiting, and says for whom
    packed, undated          archives and workbooks whose bytes hang on their content alone
    faults_as                what the operating system says, as a message with advice

What a killed run left behind is put back or cleared away by the next run that writes there.
"""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.files.among import write_among_others, wrote_among_others
    from survey.files.archive import packed, undated
    from survey.files.faults import faults_as, problem_of
    from survey.files.final_reports import noted_in, published_around, status_of
    from survey.files.folders import replace_folders
    from survey.files.lock import alone_in
    from survey.files.ours import foreign_files, refuse_foreign, refuse_other_page, signed
    from survey.files.reading import open_file, printable, read_file
    from survey.files.toml import read_toml, toml_of
    from survey.files.writing import edit_file, sweep, write_file, write_new_file

__all__ = [
    "alone_in",
    "edit_file",
    "faults_as",
    "foreign_files",
    "noted_in",
    "open_file",
    "packed",
    "printable",
    "problem_of",
    "published_around",
    "read_file",
    "read_toml",
    "refuse_foreign",
    "refuse_other_page",
    "replace_folders",
    "signed",
    "status_of",
    "sweep",
    "toml_of",
    "undated",
    "write_among_others",
    "write_file",
    "write_new_file",
    "wrote_among_others",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "alone_in": "lock",
            "edit_file": "writing",
            "faults_as": "faults",
            "foreign_files": "ours",
            "noted_in": "final_reports",
            "open_file": "reading",
            "packed": "archive",
            "printable": "reading",
            "problem_of": "faults",
            "published_around": "final_reports",
            "read_file": "reading",
            "read_toml": "toml",
            "refuse_foreign": "ours",
            "refuse_other_page": "ours",
            "replace_folders": "folders",
            "signed": "ours",
            "status_of": "final_reports",
            "sweep": "writing",
            "toml_of": "toml",
            "undated": "archive",
            "write_among_others": "among",
            "write_file": "writing",
            "write_new_file": "writing",
            "wrote_among_others": "among",
        },
    )
