"""Fits with scikit-learn: reads one JSON object on standard input, writes one on standard output."""
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

case = json.load(sys.stdin)
x = np.array(case["x"], dtype=np.float64).reshape(case["rows"], case["columns"])
y = np.array(case["y"])
weights = None if case["weights"] is None else np.array(case["weights"])
total = len(y) if weights is None else weights.sum()
strength = np.inf if case["lambda"] == 0 else 1.0 / (total * case["lambda"])


def fit(target):
    model = LogisticRegression(C=strength, solver="newton-cg", tol=1e-12, max_iter=1000)
    return model.fit(x, target, sample_weight=weights)


if case["multiclass"] == "ovr" and len(set(case["y"])) > 2:
    parts = [fit((y == k).astype(int)) for k in sorted(set(case["y"]))]
    coefficients = np.vstack([part.coef_ for part in parts])
    intercepts = np.concatenate([part.intercept_ for part in parts])
    sigmoids = 1 / (1 + np.exp(-(x @ coefficients.T + intercepts)))
    probabilities = sigmoids / sigmoids.sum(axis=1, keepdims=True)
else:
    model = fit(y)
    coefficients, intercepts = model.coef_, model.intercept_
    probabilities = model.predict_proba(x)
json.dump(
    {
        "weights": coefficients.T.ravel().tolist(),
        "intercepts": intercepts.tolist(),
        "probabilities": probabilities.ravel().tolist(),
    },
    sys.stdout,
)
