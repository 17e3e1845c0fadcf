"""What was published about the survey, as far as the simulator follows it.

All numbers are percent. Sources: the survey reports of 2021 and 2022 on openinfra.dev, the
survey's dashboard of 2020, and the technical committee's analyses of 2019 to 2023 in the
``openstack/governance`` repository. Counts of the committee are given as counts; they become
shares of their sum (single choice) or of those who answered (several choices).
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "CONTRIBUTED", "CONTRIBUTORS", "CORES", "INTERACTING", "LIKELIHOOD", "OPERATING_SYSTEMS",
    "PROJECTS", "PROJECT_USERS", "RELEASES", "SINGLE_OPTIONS", "STABLE_BRANCH", "STAGE",
    "UPGRADE_POLICY", "WAYS_TO_CONTRIBUTE",
]

Shares = Mapping[str, float]

CORES: Shares = {
    "1 to 9 cores": 6, "10 to 99 cores": 17, "100 to 999 cores": 28,
    "1,000 to 9,999 cores": 29, "10,000 to 99,999 cores": 13, "100,000 to 999,999 cores": 6,
    "1 million or more cores": 1,
}
"""Deployments by cores, 2021."""

STAGE: Shares = {
    "Proof of Concept": 8, "Under development / In testing": 13,
    "Production / Full Operational Use": 79,
}
"""Deployments by stage, 2021."""

RELEASES: Shares = {
    "Trunk": 4, "Wallaby": 8, "Victoria": 16, "Ussuri": 18, "Train": 28, "Stein": 12,
    "Rocky": 14, "Queens": 11, "Pike": 7, "Ocata": 8, "Newton": 5, "Mitaka": 7, "Liberty": 2,
    "Kilo": 2, "Juno": 1,
}
"""Deployments using each release, 2021; the last stands for Juno back to Essex."""

LIKELIHOOD: Shares = {
    "0": 0.5, "1": 0.3, "2": 0.7, "3": 1.2, "4": 1.6, "5": 6.0, "6": 7.7, "7": 12.0,
    "8": 16.0, "9": 22.0, "10": 32.0,
}
"""Answers to the recommendation question: only their net score of 36 was published for 2021."""

OPERATING_SYSTEMS: Shares = {
    "Ubuntu Server": 40, "CentOS": 35, "Red Hat Enterprise Linux (RHEL)": 13, "Debian": 7,
    "Fedora Server": 1, "Microsoft Windows Server": 1, "Scientific Linux": 1,
    "openSUSE Server": 1, "SUSE Linux Enterprise Server (SLES)": 0, "Other": 2,
}
"""Deployments by operating system, 2020."""

INTERACTING: Shares = {
    "Amazon Web Services": 53, "Microsoft Azure": 40, "Google Compute Engine": 30,
    "OpenStack Private Cloud": 34, "OpenStack Public Clouds": 13, "Other": 8,
}
"""Of the deployments that interact with another cloud, 2021; they were over 200 of over 300."""

SINGLE_OPTIONS: Mapping[tuple[str, str], Shares] = {
    ("paas_tools", "2021"): {"Kubernetes": 68},
    ("paas_tools", "2022"): {"Kubernetes": 85},
    ("network_drivers", "2021"): {"Open vSwitch": 40},
    ("deployment_tools", "2021"): {"Ansible": 47},
}
"""Questions of which one option's share was published, by concept and edition."""

_UPGRADE_ORDER = (
    "Deploy regularly from the master branch",
    "Deploy all intermediary releases and all coordinated releases",
    "Upgrade all coordinated releases (once every 6 months)",
    "Skip/fast-forward releases",
    "Not upgrade",
)
UPGRADE_POLICY: Mapping[str, Shares] = {
    year: dict(zip(_UPGRADE_ORDER, counts, strict=True))
    for year, counts in {
        "2019": (30, 24, 73, 91, 119),
        "2021": (13, 20, 83, 91, 65),
        "2022": (12, 12, 75, 84, 65),
        "2023": (9, 18, 50, 65, 44),
    }.items()
}
"""Counts of the technical committee."""

_STABLE_ORDER = (
    "Yes, deploying every commit on the stable branch",
    "Yes, upgrading at various points in time depending on fixes",
    "Yes, backporting specific fixes",
    "Yes, using only official point releases",
    "I do not do bugfix upgrades",
)
STABLE_BRANCH: Mapping[str, Shares] = {
    year: dict(zip(_STABLE_ORDER, counts, strict=True))
    for year, counts in {
        "2019": (9, 56, 45, 66, 40),
        "2021": (18, 75, 44, 79, 46),
        "2022": (16, 71, 50, 59, 39),
    }.items()
}
"""Counts of the technical committee."""

WAYS_TO_CONTRIBUTE: Mapping[str, Shares] = {
    "2019": {
        "Bug reports": 86, "Participate in Forum sessions at the Summit": 47,
        "Participate in Ops meetups": 39, "Bug fixes on master": 36,
        "Documentation improvement": 33, "Code review on master": 31,
        "Participate in PTG sessions": 26, "Backporting bug fixes to stable branches": 23,
        "Feature design review": 22, "Code review on stable branches": 20,
        "Sponsor in-person events": 20, "Host third-party CI jobs downstream": 9,
        "Contribute resources to run CI jobs upstream": 8,
    },
    "2021": {
        "Bug reports": 100, "Bug fixes on master": 49,
        "Participate in Forum sessions at the Summit": 34, "Participate in PTG sessions": 25,
        "Code review on master": 25, "Participate in Ops meetups": 25,
        "Documentation improvement": 23, "Backporting bug fixes to stable branches": 21,
        "Sponsor in-person events": 16, "Code review on stable branches": 15,
        "Feature design review": 13, "Contribute resources to run CI jobs upstream": 5,
        "Host third-party CI jobs downstream": 2,
    },
    "2022": {
        "Bug reports": 84, "Documentation improvement": 42,
        "Participate in Forum sessions at the Summit": 40, "Bug fixes on master": 39,
        "Participate in Ops meetups": 33, "Participate in PTG sessions": 27,
        "Code review on master": 24, "Backporting bug fixes to stable branches": 23,
        "Sponsor in-person events": 22, "Code review on stable branches": 22,
        "Feature development": 21, "Feature design review": 13,
        "Contribute resources to run CI jobs upstream": 7,
        "Host third-party CI jobs downstream": 6, "Other": 1,
    },
}
"""Of those who answered; labels cut before the bracket where the form explains more."""

PROJECTS: Mapping[str, tuple[float, float, float]] = {
    "aodh": (12, 4, 7), "barbican": (28, 8, 12), "blazar": (2, 2, 11),
    "ceilometer": (33, 9, 9), "cinder": (85, 2, 1), "cloudkitty": (5, 5, 17),
    "congress": (1, 0, 10), "cyborg": (2, 0, 14), "designate": (22, 9, 17),
    "dragonflow": (0, 0, 5), "freezer": (1, 0, 18), "glance": (92, 1, 1), "heat": (65, 7, 4),
    "horizon": (89, 1, 1), "ironic": (26, 10, 21), "karbor": (0, 0, 7),
    "keystone": (93, 1, 1), "kolla": (27, 5, 10), "kuryr": (3, 3, 12), "loci": (3, 1, 7),
    "magnum": (17, 8, 20), "manila": (10, 9, 17), "masakari": (6, 4, 15),
    "mistral": (9, 3, 9), "monasca": (3, 2, 16), "murano": (2, 2, 8), "neutron": (91, 1, 1),
    "nova": (91, 1, 1), "octavia": (35, 10, 13), "openstackansible": (23, 4, 8),
    "openstackclient": (75, 1, 1), "openstackhelm": (6, 2, 12), "panko": (3, 2, 6),
    "qinling": (0, 0, 11), "rally": (17, 11, 7), "sahara": (1, 2, 8),
    "searchlight": (0, 0, 7), "senlin": (2, 2, 8), "solum": (0, 0, 4), "storlets": (0, 0, 6),
    "swift": (40, 9, 6), "tacker": (1, 2, 6), "tricircle": (0, 0, 6), "tripleo": (10, 2, 7),
    "trove": (6, 4, 11), "vitrage": (0, 0, 9), "watcher": (2, 3, 11), "zaqar": (4, 1, 7),
    "zun": (3, 3, 13),
}
"""Production, testing and interest among 254 production clouds, 2021; 0 to 2 where not shown."""

PROJECT_USERS: Mapping[str, Mapping[str, float]] = {
    "2019": {
        "aodh": 48, "barbican": 48, "blazar": 3, "ceilometer": 153, "cinder": 285,
        "cloudkitty": 13, "cyborg": 2, "designate": 61, "glance": 296, "heat": 212,
        "horizon": 271, "ironic": 77, "karbor": 7, "keystone": 291, "kolla": 46, "kuryr": 7,
        "loci": 5, "magnum": 48, "manila": 39, "masakari": 6, "mistral": 26, "monasca": 22,
        "murano": 17, "neutron": 294, "nova": 297, "octavia": 66, "openstackclient": 192,
        "openstackansible": 63, "openstackhelm": 13, "panko": 20, "rally": 57, "sahara": 24,
        "swift": 141, "tacker": 8, "trove": 27, "zaqar": 13,
    },
    "2022": {
        "aodh": 28, "barbican": 81, "blazar": 5, "ceilometer": 75, "cinder": 213,
        "cloudkitty": 12, "congress": 2, "cyborg": 7, "designate": 53, "freezer": 2,
        "glance": 218, "heat": 154, "horizon": 199, "ironic": 64, "keystone": 226,
        "kolla": 59, "kuryr": 5, "loci": 6, "magnum": 50, "masakari": 8, "manila": 36,
        "mistral": 16, "monasca": 5, "murano": 8, "neutron": 216, "nova": 217, "octavia": 112,
        "openstackansible": 58, "openstackhelm": 8, "openstackclient": 179, "panko": 10,
        "qinling": 0, "rally": 38, "sahara": 2, "searchlight": 1, "senlin": 4, "solum": 0,
        "storlets": 0, "swift": 90, "tacker": 1, "tricircle": 1, "tripleo": 23, "trove": 9,
        "vitrage": 2, "watcher": 3, "zaqar": 5, "zun": 4,
    },
}
"""Counts of production users; the base is not published and taken so that Nova has 92 %."""

CONTRIBUTED: Mapping[str, Mapping[str, float]] = {
    "2019": {
        "aodh": 12, "barbican": 9, "blazar": 3, "ceilometer": 21, "cinder": 27,
        "cloudkitty": 3, "cyborg": 2, "designate": 15, "glance": 25, "heat": 18, "horizon": 17,
        "ironic": 21, "karbor": 4, "keystone": 26, "kolla": 24, "kuryr": 5, "loci": 2,
        "magnum": 14, "manila": 9, "masakari": 1, "mistral": 9, "monasca": 5, "murano": 3,
        "neutron": 43, "nova": 45, "octavia": 23, "openstackclient": 15,
        "openstackansible": 24, "openstackhelm": 3, "panko": 9, "rally": 9, "sahara": 5,
        "swift": 15, "tacker": 6, "trove": 4, "tripleo": 9, "zaqar": 3,
    },
    "2021": {
        "aodh": 3, "barbican": 8, "blazar": 6, "ceilometer": 10, "cinder": 40, "cloudkitty": 4,
        "cyborg": 3, "designate": 13, "glance": 27, "heat": 13, "horizon": 18, "ironic": 23,
        "keystone": 34, "kolla": 34, "kuryr": 5, "loci": 3, "magnum": 13, "manila": 13,
        "masakari": 2, "mistral": 8, "monasca": 4, "murano": 3, "neutron": 56, "nova": 63,
        "octavia": 26, "openstackclient": 21, "openstackansible": 27, "openstackhelm": 5,
        "panko": 3, "rally": 6, "sahara": 1, "senlin": 4, "swift": 19, "tacker": 1, "trove": 4,
        "tripleo": 11, "watcher": 2, "zaqar": 2, "zun": 2,
    },
    "2022": {
        "aodh": 3, "barbican": 10, "blazar": 3, "ceilometer": 10, "cinder": 31,
        "cloudkitty": 5, "congress": 0, "cyborg": 2, "designate": 14, "freezer": 0,
        "glance": 21, "heat": 16, "horizon": 18, "ironic": 25, "keystone": 30, "kolla": 18,
        "kuryr": 2, "loci": 3, "magnum": 10, "masakari": 5, "manila": 10, "mistral": 6,
        "monasca": 0, "murano": 1, "neutron": 53, "nova": 63, "octavia": 21,
        "openstackansible": 23, "openstackhelm": 4, "openstackclient": 19, "panko": 0,
        "qinling": 0, "rally": 5, "sahara": 1, "searchlight": 0, "senlin": 4, "solum": 0,
        "storlets": 0, "swift": 18, "tacker": 1, "tricircle": 1, "tripleo": 3, "trove": 6,
        "vitrage": 2, "watcher": 2, "zaqar": 0, "zun": 0,
    },
}
"""Counts of organizations that contribute to each project."""

CONTRIBUTORS: Mapping[str, float] = {"2019": 107, "2021": 128, "2022": 101}
"""Organizations that answered it: published for 2021, else from the published answering share."""
