"""scikit-learn's L1 fits of at most so many weights, as they are and fitted again by L2 on their support; JSON on stdout."""
import json
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

from pruning_rows import log_loss, read

warnings.filterwarnings("ignore")
folder, wanted = sys.argv[1], [int(k) for k in sys.argv[2].split(",")]
(x, y, classes), (xv, yv, _), (xt, yt, _) = (read(folder, name) for name in ("train", "validation", "test"))
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


def loss_of(coefficients, intercepts, features, labels):
    return log_loss(coefficients, intercepts, features, labels, classes, softmax=False)


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
    plain.append({"kept": kept, "logLoss": loss_of(coefficients, intercepts, xt, yt)})
    fits = [refit(coefficients != 0, strength) for strength in 10.0 ** np.arange(-6, -0.9, 0.5)]
    chosen = min(fits, key=lambda f: loss_of(*f, xv, yv))
    again.append({"kept": kept, "logLoss": loss_of(*chosen, xt, yt)})
named = "scikit-learn L1" if classes == 2 else "scikit-learn L1, one sigmoid a class"
json.dump([{"name": named, "results": plain}, {"name": f"{named}, refitted", "results": again}], sys.stdout)
