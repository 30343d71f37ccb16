"""scikit-learn's L1 fits of at most so many weights, as they are and fitted again by L2 on their support; JSON on stdout."""
import json
import sys
import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
folder, wanted = sys.argv[1], [int(k) for k in sys.argv[2].split(",")]


def read(name):
    path = f"{folder}/{name}"
    meta = json.load(open(f"{path}.json"))
    values = np.fromfile(f"{path}.values", dtype=np.float32).astype(np.float64)
    labels = np.fromfile(f"{path}.labels", dtype=np.uint32).astype(int)
    shape = (meta["rows"], meta["columns"])
    if meta["dense"]:
        return values.reshape(shape), labels, meta["classes"]
    pointers = np.fromfile(f"{path}.pointers", dtype=np.uint32).astype(np.int32)
    indices = np.fromfile(f"{path}.indices", dtype=np.uint32).astype(np.int32)
    return sp.csr_matrix((values, indices, pointers), shape=shape), labels, meta["classes"]


(x, y, classes), (xv, yv, _), (xt, yt, _) = read("train"), read("validation"), read("test")
outputs = [1] if classes == 2 else list(range(classes))


def l1(c):
    """One sigmoid a class; liblinear penalises the intercept, which a large scaling makes next to free."""
    fits = [
        LogisticRegression(penalty="l1", solver="liblinear", C=c, intercept_scaling=100, tol=1e-3, max_iter=100).fit(
            x, y == k
        )
        for k in outputs
    ]
    return np.vstack([f.coef_ for f in fits]), np.array([f.intercept_[0] for f in fits])


def log_loss(coefficients, intercepts, features, labels):
    margins = np.asarray(features @ coefficients.T) + intercepts
    if classes == 2:
        signed = np.where(labels == 1, margins[:, 0], -margins[:, 0])
        return float(np.logaddexp(0, -signed).mean())
    logs = -np.logaddexp(0, -margins)
    return float((np.logaddexp.reduce(logs, axis=1) - logs[np.arange(len(labels)), labels]).mean())


def refit(support, strength):
    coefficients, intercepts = np.zeros(support.shape), np.zeros(len(outputs))
    for at, k in enumerate(outputs):
        own = np.flatnonzero(support[at])
        if len(own) == 0:
            share = np.clip((y == k).mean(), 1e-9, 1 - 1e-9)
            intercepts[at] = np.log(share / (1 - share))
            continue
        fit = LogisticRegression(C=1 / (len(y) * strength), max_iter=500).fit(x[:, own], y == k)
        coefficients[at, own], intercepts[at] = fit.coef_[0], fit.intercept_[0]
    return coefficients, intercepts


plain, again = [], []
for keep in wanted:
    low, high, best = 1e-4, 1e3, None
    for _ in range(10):
        c = np.sqrt(low * high)
        found = l1(c)
        kept = int(np.count_nonzero(found[0]))
        if kept <= keep:
            low = c
            if kept > 0 and (best is None or kept >= best[0]):
                best = (kept, *found)
        else:
            high = c
        if kept == keep:
            break
    if best is None:
        plain.append(None)
        again.append(None)
        continue
    kept, coefficients, intercepts = best
    plain.append({"kept": kept, "logLoss": log_loss(coefficients, intercepts, xt, yt)})
    fits = [refit(coefficients != 0, strength) for strength in 10.0 ** np.arange(-6, -0.9, 0.5)]
    chosen = min(fits, key=lambda f: log_loss(*f, xv, yv))
    again.append({"kept": kept, "logLoss": log_loss(*chosen, xt, yt)})
named = "scikit-learn L1" if classes == 2 else "scikit-learn L1, one sigmoid a class"
json.dump([{"name": named, "results": plain}, {"name": f"{named}, refitted", "results": again}], sys.stdout)
