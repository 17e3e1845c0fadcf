"""The JSON of the dashboard's interface."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.exports.api.surveys import read_api

__all__ = ["read_api"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(__name__, {"read_api": "surveys"})
