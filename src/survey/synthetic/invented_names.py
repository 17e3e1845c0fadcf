"""Invented names of organizations, people, places and clouds, and how people misspell them."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

__all__ = ["GIVEN", "SURNAMES", "cloud_label", "organization_name", "place", "slug", "spelled"]

_STEMS = (
    "Aldevra",
    "Borquist",
    "Calmeron",
    "Dravanti",
    "Elphoria",
    "Fenwrath",
    "Galdoren",
    "Hespira",
    "Ivandor",
    "Jorvaska",
    "Kelmundo",
    "Lorvanta",
    "Mirandel",
    "Nexvora",
    "Ostrigan",
    "Pelludra",
    "Quendary",
    "Rovantis",
    "Selvaryn",
    "Tolmeric",
    "Ulvarado",
    "Vexmoor",
    "Wendolith",
    "Xandrica",
    "Yorvane",
    "Zephandra",
    "Arkwelda",
    "Brimhollow",
    "Cindravar",
    "Dolmarque",
    "Estavelle",
    "Fjelkora",
    "Grunvaldis",
    "Hollendra",
    "Izmarund",
    "Jelkander",
    "Kvistholm",
    "Lumindra",
    "Morvessa",
    "Nyxandor",
    "Orlavick",
    "Pravenna",
    "Quillmark",
    "Rustavora",
    "Svalingen",
    "Thornquell",
    "Urbandel",
    "Vantaskar",
    "Wystrand",
    "Xylophane",
    "Yelmorra",
    "Zantrivo",
    "Amberlode",
    "Bexhalla",
    "Corvantine",
    "Dunmarrow",
    "Erstwyle",
    "Falkonda",
    "Glimmora",
    "Hartovan",
)
_SECTORS = (
    "Telecom",
    "Bank",
    "Research Institute",
    "Cloud Services",
    "University",
    "Energy",
    "Media",
    "Hosting",
    "Motors",
    "Insurance",
    "Software",
    "Health",
    "Retail",
    "Games",
    "Logistics",
    "Data",
)
_SUFFIXES = (
    "",
    "",
    "",
    ", Inc.",
    " Inc",
    " GmbH",
    " Ltd.",
    ", Ltd",
    " AG",
    " LLC",
    " S.A.",
    " Co., Ltd.",
    " B.V.",
    " K.K.",
    " Group",
)
GIVEN = (
    "Ada",
    "Anne-Marie",
    "Bo",
    "Chen",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "João",
    "Kim",
    "Lü",
    "Maria",
    "Nils",
    "Omar",
    "Priya",
    "Quentin",
    "Rosa",
    "Søren",
    "Tomás",
    "Uwe",
    "Vera",
    "Wei",
    "Xu",
    "Yuki",
    "Zoë",
)
SURNAMES = (
    "Fictiva",
    "Mustermann",
    "Samplewright",
    "Inventado",
    "Testova",
    "Beispiel",
    "Imaginaire",
    "O'Pretend",
    "Nemo-Smith",
    "Specimen",
    "虚构",
    "架空",
    "Esimerkki",
    "Verzonnen",
    "Placeholder",
)
_PLACES = (
    "Port Example",
    "Beispielstadt",
    "Saint-Exemple",
    "Nueva Muestra",
    "サンプル市",
    "示例市",
    "Przykładowo",
    "Exempelköping",
    "Fictiville, East",
    "Sampleton",
    "Mockburgh",
    "Örnekşehir",
)
_LABELS = (
    "Prod",
    "Production Cloud",
    "Production Cloud A",
    "Region One",
    "Region One, West",
    "Main",
    "Private cloud",
    "Test bed",
    "cloud-02",
    "HPC",
    "NFV lab",
    "Public Cloud",
    "Cloud 2.0",
    "生产云",
    "本番環境",
    "Dev/Test",
    'Edge "pilot"',
    "Internal Cloud",
    "DC-East",
    "OpenStack",
)


def organization_name(number: int, life: int) -> str:
    """Return the name of organization ``number``; a later ``life`` is after a renaming.

    Examples
    --------
    >>> organization_name(3, 0) != organization_name(3, 1)
    True
    """
    place = number + life * 1_000_000
    stem = _STEMS[place % len(_STEMS)]
    sector = _SECTORS[(place * 7 + place // len(_STEMS)) % len(_SECTORS)]
    beyond = place // (len(_STEMS) * len(_SECTORS))
    second = f" {_STEMS[(place * 13 + beyond) % len(_STEMS)]}" if beyond else ""
    return f"{stem}{second} {sector}{_SUFFIXES[(place * 11 + life) % len(_SUFFIXES)]}"


def spelled(name: str, style: int) -> str:
    """Return ``name`` as someone types it; style 0 is the name itself.

    Examples
    --------
    >>> [spelled("Ivandor Bank, Inc.", style) for style in (1, 2, 4, 7)]
    ['Ivandor Bank', 'ivandor bank', 'IvandorBank', 'Ivandor Bank- Inc.']
    """
    bare = re.sub(
        r",? (Inc\.?|GmbH|Ltd\.?|AG|LLC|S\.A\.|Co\., Ltd\.|B\.V\.|K\.K\.|Group)$", "", name
    )
    styles = (
        name,
        bare,
        bare.lower(),
        bare.upper(),
        bare.replace(" ", ""),
        bare.replace(" ", "-"),
        f"{name} ",
        name.replace(",", "-"),
        f"{bare}, Ltd",
        "".join(word[0] for word in bare.split()),
    )
    return styles[style % len(styles)]


SPELLING_WEIGHTS = np.array([44, 26, 8, 3, 3, 2, 4, 2, 6, 2]) / 100
"""How common each style of ``spelled`` is."""


def slug(name: str) -> str:
    """Return ``name`` as part of an internet domain.

    Examples
    --------
    >>> slug("Grunvaldis Research Institute, Ltd")
    'grunvaldis-research-institute-ltd'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "person"


def place(draw: float) -> str:
    """Return an invented town for a number from 0 to 1."""
    return _PLACES[int(draw * len(_PLACES))]


def cloud_label(number: int, style: int) -> str:
    """Return what a person calls a cloud; the style changes from person to person."""
    label = _LABELS[number % len(_LABELS)]
    styles = (label, label, label.lower(), f"{label} #2", f"our {label}", label.replace(" ", "-"))
    return styles[style % len(styles)]
