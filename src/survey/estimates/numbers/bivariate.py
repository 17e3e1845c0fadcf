"""Two banded numbers at once: the bivariate lognormal behind a table of bands.

The margins are fitted first, each by interval-censored maximum likelihood; then the
correlation, by maximum likelihood given the margins. This is the two-step estimate of the
polychoric correlation with known thresholds.

Sources
-------
Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
    Psychometrika 44, 443-460.
Drezner, Z. and Wesolowsky, G. O. (1990). On the computation of the bivariate normal integral.
    Journal of Statistical Computation and Simulation 35, 101-107.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass

__all__ = ["bivariate_below", "correlation"]

Floats = npt.NDArray[np.float64]

_NODES = 20
_STEPS = 36
_GOLDEN = (np.sqrt(5) - 1) / 2
_LARGEST = 0.98
_FAR = 8.0


def bivariate_below(h: Floats, k: Floats, rho: Floats) -> Floats:
    """Return the probability that two standard normals with a correlation stay below limits.

    Gauss-Legendre quadrature over the arcsine of the correlation; exact to about 1e-10 for
    correlations up to 0.9 in size.

    Examples
    --------
    >>> zero = np.zeros(1)
    >>> bivariate_below(zero, zero, np.array([0.5])).round(6).tolist()
    [0.333333]
    """
    from scipy.special import ndtr

    h, k = (np.clip(each, -_FAR, _FAR) for each in (h, k))
    nodes, weights = _quadrature()
    angle = np.arcsin(rho)
    sine = np.sin(angle[..., None] * (nodes + 1) / 2)
    square, cross = (h**2 + k**2)[..., None], (h * k)[..., None]
    density = np.exp((sine * cross - square / 2) / (1 - sine**2))
    added = angle / (4 * np.pi) * (density * weights).sum(axis=-1)
    return np.asarray(ndtr(h) * ndtr(k) + added)


@cache
def _quadrature() -> tuple[Floats, Floats]:
    """Return nodes and weights; numpy finds them anew each time."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def correlation(table: Floats, x_edges: Floats, y_edges: Floats) -> Floats:
    """Return the correlation of the logarithms that makes tables of bands most likely.

    Parameters
    ----------
    table
        Replicates x cells of x x cells of y: how many units.
    x_edges, y_edges
        Replicates x cells x 2: standardized lower and upper edge of each cell.

    Examples
    --------
    >>> edges = np.array([[[-np.inf, 0.0], [0.0, np.inf]]])
    >>> correlation(np.array([[[2.0, 1.0], [1.0, 2.0]]]), edges, edges).round(3).tolist()
    [0.5]
    """
    if len(table) > 1:
        return _most_likely(table, x_edges, y_edges)
    given = [np.ascontiguousarray(each, dtype=np.float64) for each in (table, x_edges, y_edges)]
    return _alone(*((each.tobytes(), each.shape) for each in given)).copy()


@lru_cache(maxsize=64)  # an edition's table stands in the reports of all later ones
def _alone(*given: tuple[bytes, tuple[int, ...]]) -> Floats:
    return _most_likely(*(np.frombuffer(values).reshape(shape) for values, shape in given))


def _most_likely(table: Floats, x_edges: Floats, y_edges: Floats) -> Floats:
    """Return what :func:`correlation` does, by golden section."""
    corners = _Corners(*_shared(x_edges), *_shared(y_edges))
    low = np.full(len(table), -_LARGEST)
    high = np.full(len(table), _LARGEST)
    inner = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    value = [_fit(table, corners, each) for each in inner]
    for _ in range(_STEPS):
        rises = value[0] < value[1]
        low, high = np.where(rises, inner[0], low), np.where(rises, high, inner[1])
        new = np.where(rises, low + _GOLDEN * (high - low), high - _GOLDEN * (high - low))
        at_new = _fit(table, corners, new)
        inner = [np.where(rises, inner[1], new), np.where(rises, new, inner[0])]
        value = [np.where(rises, value[1], at_new), np.where(rises, at_new, value[0])]
    return np.asarray((low + high) / 2)


@dataclass(frozen=True)
class _Corners:
    """Distinct edges (replicates x edges), and cells x 2: the positions of each cell's edges."""

    x: Floats
    x_place: npt.NDArray[np.intp]
    y: Floats
    y_place: npt.NDArray[np.intp]


def _shared(edges: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return distinct edges and where each cell's edges stand among them."""
    flat = edges.reshape(len(edges), -1)
    _, first, inverse = np.unique(flat[0], return_index=True, return_inverse=True)
    return flat[:, first], inverse.reshape(edges.shape[1:])


def _fit(table: Floats, corners: _Corners, rho: Floats) -> Floats:
    """Return the log-likelihood of each replicate's table."""
    h, k, each = np.broadcast_arrays(
        corners.x[:, :, None], corners.y[:, None, :], rho[:, None, None]
    )
    below = bivariate_below(h, k, each)
    by_x = below[:, corners.x_place[:, 1]] - below[:, corners.x_place[:, 0]]
    inside = by_x[:, :, corners.y_place[:, 1]] - by_x[:, :, corners.y_place[:, 0]]
    return np.asarray((table * np.log(np.maximum(inside, 1e-300))).sum(axis=(1, 2)))
