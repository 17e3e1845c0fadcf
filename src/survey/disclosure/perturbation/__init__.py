"""Perturbation: from true counts to counts that may be published."""
