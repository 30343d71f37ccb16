"""Maximises likelihoods and tests coefficients with numpy and scipy alone: one JSON object in, one out."""
import json
import sys

import numpy as np
from scipy import stats

case = json.load(sys.stdin)


def fit(x, target, weights, classes):
    """Newton's method on the multinomial likelihood, first class as reference; the information in closed form."""
    n, d = x.shape
    beta = np.zeros((classes - 1, d))
    for _ in range(100):
        eta = np.hstack([np.zeros((n, 1)), x @ beta.T])
        p = np.exp(eta - np.logaddexp.reduce(eta, axis=1, keepdims=True))
        one = np.eye(classes)[target]
        score = ((one - p)[:, 1:] * weights[:, None]).T @ x
        info = np.zeros((beta.size, beta.size))
        for i in range(n):
            q = p[i, 1:]
            info += weights[i] * np.kron(np.diag(q) - np.outer(q, q), np.outer(x[i], x[i]))
        step = np.linalg.solve(info, score.ravel()).reshape(beta.shape)
        beta = beta + step
        if np.abs(step).max() < 1e-13 * max(1, np.abs(beta).max()):
            break
    error = np.sqrt(np.diag(np.linalg.inv(info)))
    loglik = (weights * np.log(p[np.arange(n), target])).sum()
    share = np.array([weights[target == k].sum() for k in range(classes)]) / weights.sum()
    null = (weights.sum() * share * np.log(share)).sum() if case["intercept"] else -weights.sum() * np.log(classes)
    parameters = beta.size
    degrees = parameters - (classes - 1 if case["intercept"] else 0)
    z = beta.ravel() / error
    half = stats.norm.ppf(0.5 + case["level"] / 2) * error
    return {
        "coefficients": beta.ravel().tolist(),
        "errors": error.tolist(),
        "p": (2 * stats.norm.sf(np.abs(z))).tolist(),
        "lower": (beta.ravel() - half).tolist(),
        "upper": (beta.ravel() + half).tolist(),
        "deviance": -2 * loglik,
        "nullDeviance": -2 * null,
        "aic": 2 * parameters - 2 * loglik,
        "bic": parameters * np.log(weights.sum()) - 2 * loglik,
        "ratioP": stats.chi2.sf(2 * (loglik - null), degrees),
    }


def tails():
    """The tails of both distributions where scipy keeps its digits."""
    z = np.concatenate([np.linspace(0, 8, 81), np.linspace(8.5, 37.5, 59)])
    x = [(df, q) for df in (1, 2, 3, 4, 7, 30, 101, 400) for q in (1e-3, 0.5, 3.0, 20.0, 150.0, 500.0, 1200.0)]
    return {
        "normal": [[v, 2 * stats.norm.sf(v)] for v in z],
        "square": [[df, q, stats.chi2.sf(q, df)] for df, q in x],
        "quantile": [[a, stats.norm.isf(a / 2)] for a in (0.9999, 0.5, 0.1, 0.05, 0.01, 1e-6, 1e-100, 1e-300)],
    }


if case.get("tails"):
    json.dump(tails(), sys.stdout)
else:
    x = np.array(case["x"]).reshape(case["rows"], case["columns"])
    if case["intercept"]:
        x = np.hstack([np.ones((len(x), 1)), x])
    y, w = np.array(case["y"]), np.array(case["weights"], dtype=float)
    k = max(case["y"]) + 1
    parts = [fit(x, (y == c).astype(int), w, 2) for c in range(k)] if case["ovr"] else [fit(x, y, w, k)]
    json.dump(parts, sys.stdout)
