"""From a planned survey to its true answers: filled in afresh, or copied from last year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from survey.codebook import Codebook, Edition
from survey.dataclass import dataclass
from survey.synthetic.answers import Answer, Copy, TrueDeployment, TrueRespondent
from survey.synthetic.copying import carried_over
from survey.synthetic.describing import describe_cloud, describe_person
from survey.synthetic.fieldwork import Plan
from survey.synthetic.latent import Slots, blend, slots_of
from survey.synthetic.population import Cloud, Organization, organization
from survey.synthetic.standing import moment_of, standing
from survey.synthetic.streams import stream
from survey.synthetic.telling import Visit, cloud_told, person_told

__all__ = ["Answering"]

_INCOMPLETE, _SAVED = 0.16, 0.30
_OLD_NAME_YEARS = 1.5
_REVISED = 0.2
_LANGUAGES: Mapping[str, str] = {
    "CN": "zh_CN",
    "TW": "zh_TW",
    "HK": "zh_TW",
    "JP": "ja_JP",
    "KR": "ko_KR",
    "FR": "fr_FR",
    "DE": "de_DE",
    "AT": "de_DE",
    "RU": "ru_RU",
    "ID": "id_ID",
}

ByConcept = dict[str, Answer]
Dropped = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Told:
    """Everything told in one survey, by concept, with what a copy dropped and left behind.

    ``dropped`` and ``changed`` have one entry for the person, then one per cloud.
    """

    person: ByConcept
    clouds: tuple[ByConcept, ...]
    dropped: tuple[Dropped, ...] = ()
    gone: tuple[dict[str, Answer], ...] = ()
    changed: tuple[tuple[str, ...], ...] = ()


@dataclass
class Answering:
    """Answers planned surveys of one population."""

    codebook: Codebook
    seed: int
    _slots: Slots = field(init=False)
    _told: dict[tuple[str, int], _Told] = field(default_factory=dict)
    _clouds: dict[tuple[str, int, int], ByConcept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._slots = slots_of(self.codebook)

    def respondent(self, plan: Plan) -> TrueRespondent:
        """Return the survey with its true answers, by question Name."""
        edition, told = self.codebook.edition(plan.edition), self._tell(plan)
        now, _, merged_into = _names(plan.owner, self.seed, plan.edition)
        return TrueRespondent(
            respondent=plan.number,
            member=plan.member.number,
            account_email=plan.member.address,
            created=f"{plan.created}",
            edited=f"{plan.edited}",
            language=_language(plan, self.seed),
            answers={} if plan.role == "empty" else _by_name(edition, told.person),
            deployments=self._deployments(edition, plan, told),
            organization=plan.owner.identity,
            organization_name=now,
            merged_into=merged_into,
            state=_state(plan, self.seed),
            test=plan.role == "test",
            member_deleted=plan.role == "deleted",
            copy=_copied(plan, told, 0) if plan.kind != "clouds_unchanged" else None,
            flags=(plan.kind,) if plan.kind and plan.kind != "clouds_unchanged" else (),
        )

    def orphans(self, plan: Plan) -> tuple[dict[str, Answer], ...]:
        """Return, per cloud of a copied survey, answers to questions that are no longer asked."""
        return self._tell(plan).gone

    def _deployments(self, edition: Edition, plan: Plan, told: _Told) -> tuple[TrueDeployment, ...]:
        if plan.role == "empty":
            return ()
        return tuple(
            TrueDeployment(
                deployment=number,
                answers=_by_name(edition, answers),
                cloud=f"C{plan.owner.number:05d}-{cloud.number}",
                test=plan.role == "test",
                copy=_copied(plan, told, 1 + n),
                flags=(plan.kind,) if plan.kind else (),
            )
            for n, (number, cloud, answers) in enumerate(
                zip(plan.deployments, plan.clouds, told.clouds, strict=True)
            )
        )

    def _tell(self, plan: Plan) -> _Told:
        key = plan.edition, plan.member.number
        if key not in self._told:
            self._told[key] = self._carried(plan, plan.source) if plan.source else self._fresh(plan)
        return self._told[key]

    def _carried(self, plan: Plan, source: Plan) -> _Told:
        """Return what a pre-filled form holds in the end."""
        copied = self._copy(plan, source)
        if plan.kind == "clouds_unchanged":
            return replace(copied, person=self._fresh(plan).person)
        return self._revised(plan, copied) if plan.kind == "revised" else copied

    def _revised(self, plan: Plan, copied: _Told) -> _Told:
        """Return the pre-filled answers with some told anew, and answers to new questions."""
        fresh, asked = self._fresh(plan), self.codebook.edition(plan.edition).by_concept
        draw = stream(self.seed, "revise", plan.member.number, plan.edition)
        parts, changed = [], []
        for old, new in zip(
            (copied.person, *copied.clouds), (fresh.person, *fresh.clouds), strict=True
        ):
            anew = {c for c in asked if c in new and (c not in old or draw.random() < _REVISED)}
            parts.append(
                {c: new[c] if c in anew else old[c] for c in asked if c in anew or c in old}
            )
            differing = (c for c in asked if c in anew and new[c] != old.get(c))
            changed.append(tuple(asked[concept].heading for concept in differing))
        return replace(copied, person=parts[0], clouds=tuple(parts[1:]), changed=tuple(changed))

    def _fresh(self, plan: Plan) -> _Told:
        edition, owner = self.codebook.edition(plan.edition), plan.owner
        visit = self._visit(plan)
        unit = ("person", plan.member.number)
        hidden = blend(self.seed, self._slots, owner.number, unit, plan.edition)
        person = person_told(visit, describe_person(edition, owner, hidden))
        clouds = [
            cloud_told(visit, cloud, self._described(edition, owner, cloud))
            for cloud in plan.clouds
        ]
        return _Told(person, tuple(clouds))

    def _copy(self, plan: Plan, source: Plan) -> _Told:
        edition, before = self.codebook.edition(plan.edition), self.codebook.edition(source.edition)
        old = self._tell(source)
        kept = [carried_over(each, edition) for each in (old.person, *old.clouds)]
        gone = tuple(
            {
                before.question(concept).heading: answer
                for concept, answer in each.items()
                if answer and concept not in edition.by_concept
            }
            for each in old.clouds
        )
        answers = [answers for answers, _ in kept]
        return _Told(answers[0], tuple(answers[1:]), tuple(lost for _, lost in kept), gone)

    def _visit(self, plan: Plan) -> Visit:
        now, before, _ = _names(plan.owner, self.seed, plan.edition)
        edition = self.codebook.edition(plan.edition)
        stays = stream(self.seed, "stops", plan.member.number, plan.edition).random()
        stops = float(stays) if _state(plan, self.seed) == "INCOMPLETE" else 2.0
        return Visit(self.seed, self._slots, edition, plan.member, now, before, stops)

    def _described(self, edition: Edition, owner: Organization, cloud: Cloud) -> ByConcept:
        key = edition.name, owner.number, cloud.number
        if key not in self._clouds:
            state = standing(self.seed, self._slots, edition, owner, cloud)
            self._clouds[key] = describe_cloud(edition, state)
        return self._clouds[key]


def _names(owner: Organization, seed: int, edition: str) -> tuple[str, str, str]:
    """Return the organization's name, its name before, and the identity that took it over."""
    now = moment_of(edition)
    if now >= owner.merged:
        buyer = organization(seed, owner.buyer)
        return buyer.name(now), owner.name(now), buyer.identity
    return owner.name(now), owner.name(now - _OLD_NAME_YEARS), ""


def _by_name(edition: Edition, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {edition.question(concept).heading: answer for concept, answer in answers.items()}


def _copied(plan: Plan, told: _Told, place: int) -> Copy | None:
    """Return where the person's part (place 0) or a cloud (from 1) was copied from."""
    source = plan.source
    if source is None:
        return None
    number = source.deployments[place - 1] if place else source.number
    dropped = told.dropped[place] if told.dropped else {}
    changed = told.changed[place] if told.changed else ()
    return Copy(source.edition, number, plan.kind, dropped, changed)


def _state(plan: Plan, seed: int) -> str:
    if plan.kind == "exact_copy":
        return "INCOMPLETE"
    chance = stream(seed, "state", plan.member.number, plan.edition).random()
    return "INCOMPLETE" if chance < _INCOMPLETE else "SAVED" if chance < _SAVED else "COMPLETE"


def _language(plan: Plan, seed: int) -> str:
    """Return the language of the last visit's pages: often the country's, else English."""
    local = _LANGUAGES.get(plan.owner.country, "en_US")
    chance = stream(seed, "language", plan.member.number, plan.edition).random()
    return local if chance < 0.6 else "en_US"
