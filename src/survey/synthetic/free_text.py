"""Invented free text: plain sentences, write-ins, and what breaks careless readers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

__all__ = ["AWKWARD", "comment", "write_in"]

_PLAIN = (
    "Upgrades are hard",
    "Better upgrade path",
    "Open source community",
    "No vendor lock in",
    "Documentation",
    "Simple installer",
    "Live migration works well",
    "It just works",
    "Flexibility, community, cost",
    "Easier upgrades, better docs",
    "Stable and well documented",
    "We would like HA, multi-region, and quotas",
    "Faster bug fixes in stable branches",
    "The API is consistent across releases",
    "Too many moving parts for a small team",
    "Great support on the mailing list",
    "Rolling upgrades without downtime, please",
    "Monitoring out of the box",
    "Networking is difficult to debug",
    "Octavia needs less memory",
    "Large community; every problem has been seen before",
    "Freedom to choose hardware",
    "Ironic made our bare metal usable",
    "More examples for federated identity",
    "none",
    "N/A",
    "We moved 40 % of our estate",
    "Cost savings of about 1,000 per month",
    "See above",
    "TBD",
)
AWKWARD = (
    'say "hi", then go',
    "First line.\nSecond line, with comma.",
    "1. Stability\r\n2. Docs",
    "Pros:\n\tfast\nCons:\n\tcomplex",
    "lone\rCR",
    "CR at end\r",
    "tab\there",
    "日本語の回答、読点あり",
    "中文回答，全角逗号",
    "한국어",
    "مرحبا بالعالم",
    "שלום, עולם",
    "=1+1",
    '=HYPERLINK("http://x.example")',
    "+49 30 000000",
    "@home",
    "-",
    "--",
    "a|b|c",
    "<b>bold</b> &amp; <script>alert(1)</script>",
    "literal \\n not a newline",
    "NULL",
    "nan",
    "NA",
    "None",
    "Café naïve",
    "CafÃ© naÃ¯ve",
    "key: value",
    '5" disks',
    '"quoted"',
    "trailing space ",
    " leading space",
    "\ufeffbom first",
    "vt\x0bff\x0c",
    "emoji 😀 ok",
    "multi\n\n\nblank lines\n",
    "x" * 300,
    "0",
    "0.0",
    'a\rb, "c"\rd',
    "- upgrades\n- docs\n- logging",
    "don’t know",
    "https://x.example/?a=1,2",
)
_WRITE_INS: Mapping[str, tuple[str, ...]] = {
    "deployment_tools": ("MaaS", "Terraform", "in-house scripts", "ansible", "Foreman", "Airship"),
    "operating_system": (
        "Rocky Linux 9",
        "AlmaLinux",
        "Ubuntu 22.04 LTS",
        "Oracle Linux",
        "Gentoo",
    ),
    "paas_tools": ("Rancher", "kubernetes", "k8s + Gardener", "Nomad", "Tanzu"),
    "hypervisors": ("kvm", "KVM on ARM", "PowerVM", "Firecracker"),
    "network_drivers": ("Tungsten Fabric", "ovn", "OVS-DPDK", "Cumulus", "own driver"),
    "block_storage_drivers": ("StorPool", "ceph", "Quobyte", "LINBIT", "Dell PowerStore"),
    "interacting_clouds": ("Oracle Cloud", "partner cloud, on request", "VMware", "aws"),
    "industry": ("Shipping", "Public broadcasting", "Agriculture, forestry", "Telecom"),
    "roles": ("Support engineer", "Product owner", "Student", "cloud operator"),
    "databases": ("TiDB", "mariadb", "Oracle"),
    "container_formats": ("containerd", "CRI-O", "podman", "docker"),
    "api_toolkits": ("Terraform provider", "openstacksdk", "own Go client"),
    "identity_drivers": ("Keycloak", "SAML, OIDC", "ldap", "FreeIPA"),
    "vendor_hardware": ("Supermicro", "own boards", "white box, several", "Inspur"),
}
_ANY_WRITE_IN = ("Our own fork", "in-house", "several, see comment", "other vendor", "n/a", "?")
_AWKWARD_RATE = 0.17


def comment(draw: np.random.Generator) -> str:
    """Return a comment; about one in six holds something that breaks careless readers."""
    pool = AWKWARD if draw.random() < _AWKWARD_RATE else _PLAIN
    return pool[int(draw.integers(len(pool)))]


def write_in(draw: np.random.Generator, concept: str) -> str:
    """Return what someone writes beside "Other"; now and then it is a listed choice."""
    if draw.random() < _AWKWARD_RATE / 4:
        return AWKWARD[int(draw.integers(len(AWKWARD)))]
    pool = _WRITE_INS.get(concept, _ANY_WRITE_IN)
    return pool[int(draw.integers(len(pool)))]
