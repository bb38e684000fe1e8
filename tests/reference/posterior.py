"""The posterior of response curves, slowly: one campaign at a time, its whole history, textbook formulas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass
class Row:
    """History and prior of one campaign.

    Parameters
    ----------
    reference, response, cv, dispersion, strength, relative, floor, coarseness : float
        `log_evidence` needs a whole number of degrees of freedom 2·strength.
    multiples, shapes : sequence of float
    """

    reference: float
    response: float
    cv: float
    dispersion: float
    strength: float
    relative: float
    floor: float
    coarseness: float
    multiples: Floats
    shapes: Floats

    def curves(self, pressure: Floats) -> Floats:
        """Return every shape's response relative to the reference, (W, G)."""
        columns = []
        for s in self.shapes:
            for multiple in self.multiples:
                k = (self.reference * multiple) ** s
                columns.append(pressure**s / (k + pressure**s) * (k + self.reference**s) / self.reference**s)
        return np.stack(columns, axis=1)

    def condition(
        self, pressure: Floats, outcome: Floats, multiplier: Floats, weight: Floats, discount: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return weight, mean, precision and E[φ] of every shape by weighted Bayesian regression."""
        mean = multiplier * self.response * (2 * pressure / (pressure + self.reference) + self.floor)
        variance = mean + self.relative**2 * mean**2 / self.dispersion
        kept = np.array([discount[t + 1 :].prod() for t in range(len(discount))])
        information = np.sum(kept * weight * outcome**2 / variance) / self.dispersion
        kept = kept / (1 + self.coarseness**2 * information)
        h = self.curves(pressure)
        log_weight, means, precisions, dispersions = [], [], [], []
        for g in range(h.shape[1]):
            x = multiplier * h[:, g]
            prior = self.dispersion / (self.cv * self.response) ** 2
            precision = prior + np.sum(kept * weight * x**2 / variance)
            centre = (prior * self.response + np.sum(kept * weight * x * outcome / variance)) / precision
            squares = np.sum(kept * weight * (outcome - centre * x) ** 2 / variance)
            squares += prior * (centre - self.response) ** 2
            shape = self.strength + 0.5 * np.sum(kept * weight)
            rate = self.dispersion * (self.strength - 1) + 0.5 * squares
            log_weight.append(-0.5 * np.log(precision) - shape * np.log(rate))
            means.append(centre)
            precisions.append(precision)
            dispersions.append(rate / (shape - 1))
        weights = np.exp(np.array(log_weight) - max(log_weight))
        return weights / weights.sum(), np.array(means), np.array(precisions), np.array(dispersions)

    def log_evidence(self, x: Floats, outcome: Floats, variance: Floats) -> float:
        """Return the log marginal likelihood of one shape: a multivariate Student density of the outcomes."""
        prior = self.dispersion / (self.cv * self.response) ** 2
        scale = self.dispersion * (self.strength - 1) / self.strength
        covariance = scale * (np.diag(variance) + np.outer(x, x) / prior)
        density = stats.multivariate_t(loc=self.response * x, shape=covariance, df=round(2 * self.strength))
        return float(density.logpdf(outcome))
