"""What nobody published and the simulator therefore makes up.

All numbers are percent of those who answer the question, by label. They were chosen to look
plausible beside the published ones; no conclusion about real clouds can be drawn from them.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ANSWER_RATES", "CORES", "COUNTRIES", "MULTIPLE", "OPERATING_SYSTEMS", "SINGLE"]

Shares = Mapping[str, float]

CORES: Mapping[str, tuple[float, ...]] = {
    "2017": (10, 22, 30, 26, 9, 2.7, 0.3),
    "2018": (9, 21, 30, 26.5, 10, 3.1, 0.4),
    "2019": (8, 20, 29.5, 27, 11, 4, 0.5),
    "2020": (7, 18.5, 28.5, 28, 12, 5.3, 0.7),
    "2022": (6, 15.5, 28, 28, 14, 7.2, 1.3),
    "2023": (5.5, 15, 27.5, 28.5, 14.5, 7.5, 1.5),
    "2024": (5, 14.5, 27, 29, 15, 7.8, 1.7),
    "2025": (5, 14, 26.5, 29, 15.5, 8.2, 1.8),
}
"""Deployments by cores, smallest band first; of 2022 it is known that the middle two have 56."""

OPERATING_SYSTEMS: Mapping[str, Shares] = {
    "2017": {"Ubuntu Server": 45, "CentOS": 33, "Red Hat Enterprise Linux (RHEL)": 13,
             "Debian": 4, "SUSE Linux Enterprise Server (SLES)": 2, "Scientific Linux": 1,
             "Other": 2},
    "2022": {"Ubuntu Server": 45, "CentOS": 25, "Red Hat Enterprise Linux (RHEL)": 13,
             "Debian": 9, "Other": 8},
    "2024": {"Ubuntu Server": 52, "CentOS": 12, "Red Hat Enterprise Linux (RHEL)": 11,
             "Debian": 12, "Other": 13},
}

SINGLE: Mapping[str, Shares] = {
    "industry": {
        "Information Technology": 40, "Telecommunications": 16, "Academic / Research": 13,
        "Government / Defense": 6, "Finance": 6, "Manufacturing / Industrial": 4,
        "Retail / ecommerce": 3, "Energy": 2, "Film / Media": 2, "Healthcare": 2, "Gaming": 1.5,
        "Automotive": 1.5, "Insurance": 1, "Nonprofit": 1, "Other": 1,
    },
    "deployment_type": {
        "Community Cloud": 8, "On-Premises Private Cloud": 62, "Off-Premises Private Cloud": 12,
        "Public Cloud": 18,
    },
    "is_public": {"Public": 31, "Confidential": 69},
    "it_share_on_openstack": {
        "1-20%": 34, "21-40%": 18, "41-60%": 13, "61-80%": 13, "81-100%": 15, "Don't know": 7,
    },
    "docs_use": {"Daily": 12, "Weekly": 34, "Monthly": 29, "Rarely": 20, "Never": 5},
    "refstack_test": {
        "Yes": 16, "No, but I am interested in helping": 33,
        "No, and not interested in helping": 51,
    },
}

MULTIPLE: Mapping[str, Shares] = {
    "roles": {
        "App developer / deployer": 22, "CIO / IT infrastructure manager": 18,
        "Cloud architect": 52, "Cloud operator or sys-admin": 66,
        "OpenStack upstream developer": 19, "Other": 5,
    },
    "it_activities": {
        "Private cloud provider": 42, "Consulting / professional services": 31,
        "Public / hosted cloud service provider": 37, "Systems integrator": 22, "Telco": 14,
        "Data center / co-location services": 19, "HPC": 10, "Other": 6,
    },
    "business_drivers": {
        "Save money": 70, "Increase operational efficiency": 72, "Avoid vendor lock-in": 66,
        "Accelerate ability to innovate": 61, "Achieve security and/or privacy goals": 44,
        "Attract top technical talent": 21, "Other": 4,
    },
    "emerging_technologies": {
        "Containers": 68, "AI/ML": 41, "Edge computing": 37, "Bare metal": 39, "CI/CD": 44,
        "Hardware accelerators": 27, "Hybrid cloud": 46, "Internet of Things": 18, "5G": 16,
        "Platform as a Service": 28, "SDN/NFV": 38, "Other": 2,
    },
    "workloads": {
        "Infrastructure services (i.e. public and private cloud products and services)": 61,
        "Software dev / test / QA and CI": 57, "Web services and e-commerce": 46,
        "Database: mySQL, Oracle, etc.": 44, "Storage / backup / archiving": 34,
        "Business applications (i.e. ERP, CRM, email)": 33, "SaaS provider / delivery": 29,
        "Big Data Analytics / Data Mining / Hadoop, Spark, etc.": 31,
        "Network Functions Virtualization": 26, "Other": 5,
    },
    "deployment_tools": {
        "Ansible": 47, "Kolla-Ansible": 27, "OpenStack-Ansible": 15, "Puppet": 19,
        "TripleO": 10, "Juju": 9, "Helm": 9, "Chef": 6, "SaltStack": 5, "PackStack": 7,
        "DevStack": 6, "Container-based orchestration": 6, "Fuel": 4, "Other": 6,
    },
    "paas_tools": {
        "Kubernetes": 55, "OpenShift": 19, "Docker Swarm": 12, "Cloud Foundry": 7,
        "Built our own": 14, "Mesos": 4, "Other": 6,
    },
    "packages_used": {
        "Unmodified packages from the OS": 49,
        "Unmodified packages from a non-OS source (e.g. vendor distribution)": 27,
        "Packages you've modified": 15, "Packages you’ve built yourself": 26,
    },
    "hypervisors": {
        "KVM (x86)": 89, "QEMU": 13, "Bare Metal (Ironic)": 15, "VMware ESX": 9, "LXC": 4,
        "Docker": 5, "Microsoft Hyper-V": 3, "KVM (ppc64)": 2, "Other": 2,
    },
    "databases": {
        "MariaDB Galera Cluster": 43, "MySQL with Galera": 21, "MariaDB": 24, "MySQL": 19,
        "PostgreSQL": 4, "MongoDB": 6, "Percona XtraDB Cluster": 7, "Other": 2,
    },
    "network_drivers": {
        "Open vSwitch": 40, "ML2 - Open vSwitch": 31, "Linux Bridge": 17,
        "ML2 - Linux Bridge": 19, "OVN": 15, "OpenContrail or Juniper": 6, "Calico": 4,
        "ML2 - OpenDaylight": 3, "ML2 - Mellanox SR-IOV": 4, "ML2 - Cisco APIC": 3,
        "VMware NSX (formerly Nicira NVP)": 3, "nova-network": 2, "Other": 5,
    },
    "block_storage_drivers": {
        "Ceph RBD": 63, "LVM (default)": 19, "NFS": 11, "NetApp": 8, "EMC": 5, "HP 3PAR": 4,
        "Pure Storage": 4, "SolidFire": 3, "GlusterFS": 4, "VMware VMDK": 3, "Other": 6,
    },
    "identity_drivers": {
        "SQL (default)": 68, "LDAP": 38, "Active Directory": 24, "PAM": 2, "KVS": 1, "Other": 7,
    },
    "supported_features": {
        "EC2 compatibility API": 12, "S3 compatibility API": 37, "GCE compatibility API": 3,
        "OCCI compatibility API": 3,
        "This deployment doesn't use compatibility APIs.": 53, "Other": 2,
    },
    "container_formats": {"Docker": 83, "LXC": 21, "LXD": 14, "RKT": 4, "Other": 5},
    "api_toolkits": {
        "OpenStack clients": 66, "libcloud (Python)": 17, "gophercloud": 24, "Shade": 17,
        "Wrote our own": 21, "jclouds": 8, "php-opencloud": 6, "Other": 6,
    },
}

ANSWER_RATES: Mapping[str, float] = {
    "ok_to_contact": 74, "primary_state": 48, "recommend_reason": 52, "liked_most": 47,
    "further_enhancement": 41, "business_drivers": 83, "emerging_technologies": 70,
    "deployment_year": 88, "compute_cores": 86, "compute_nodes": 87, "compute_instances": 83,
    "cloud_users": 80, "team_size": 79, "operating_system": 91, "hypervisors": 88,
    "projects_used": 90, "projects_interest": 72, "upgrade_policy": 76, "stable_branch_use": 66,
    "projects_contributed_to": 36, "contribution_barriers": 33, "ways_to_contribute": 45,
    "vendor_software": 33, "vendor_hardware": 38, "vendor_products": 33,
}
"""Percent of those asked who answer; see ``reporting`` for the rest."""

COUNTRIES: Shares = {
    "US": 18, "CN": 17, "JP": 7, "DE": 8, "FR": 6, "GB": 6, "IN": 6, "KR": 3.5, "CA": 2.5,
    "RU": 2, "IT": 2, "ES": 2, "NL": 2, "CH": 1.8, "AU": 2, "BR": 2, "SE": 1.2, "PL": 1.2,
    "TW": 1.5, "HK": 0.8, "SG": 1, "ID": 1, "VN": 0.9, "TR": 0.9, "IR": 0.7, "AT": 0.7,
    "NO": 0.7, "FI": 0.6, "CZ": 0.6, "AR": 0.5, "MX": 0.5, "ZA": 0.6, "NZ": 0.4, "PT": 0.4,
    "TH": 0.4, "BD": 0.3, "UZ": 0.2, "OM": 0.2, "LI": 0.1, "MK": 0.1, "CD": 0.1, "BO": 0.1,
    "NA": 0.1, "CI": 0.1,
}
"""Organizations by country; China had 17 % of respondents in late 2017."""
