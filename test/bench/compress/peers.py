"""scikit-learn's L1 with a refit, saved by NumPy: reads FOLDER with raw arrays, prints one JSON line a file.

FOLDER holds, for train and test, NAME.json {rows, columns}, NAME.pointers, NAME.indices, NAME.values, NAME.labels.
"""

import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])


def read(name):
    meta = json.loads((folder / f"{name}.json").read_text())
    load = lambda part, kind: np.fromfile(folder / f"{name}.{part}", dtype=kind)
    values, indices, pointers = load("values", np.float32), load("indices", np.uint32), load("pointers", np.uint32)
    shape = (meta["rows"], meta["columns"])
    return scipy.sparse.csr_matrix((values, indices.astype(np.int32), pointers.astype(np.int32)), shape), load("labels", np.uint32)


def quality(model, columns, X, y):
    p = model.predict_proba(X[:, columns]).astype(np.float64)
    own = np.maximum(p[np.arange(len(y)), y], 1e-300)
    return float((p.argmax(1) == y).mean()), float(-np.log(own).mean())


def size(model, columns):
    best = None
    for kind in (np.float32, np.float16):
        weights = scipy.sparse.csr_matrix(model.coef_.astype(np.float32))
        file = io.BytesIO()
        np.savez_compressed(file, c=columns.astype(np.uint32), p=weights.indptr.astype(np.uint16), i=weights.indices.astype(np.uint16), w=weights.data.astype(kind), b=model.intercept_.astype(kind))
        best = file.tell() if best is None else min(best, file.tell())
    return best


def main():
    (X, y), (T, t) = read("train"), read("test")
    for C in np.logspace(-2.5, 2, 10):
        lasso = LogisticRegression(penalty="l1", C=C, solver="liblinear", tol=1e-3) if y.max() == 1 else LogisticRegression(penalty="l1", C=C, solver="saga", tol=1e-2, max_iter=100)
        lasso.fit(X, y)
        columns = np.flatnonzero(np.abs(lasso.coef_).sum(0))
        if len(columns) == 0:
            continue
        for strength in (1, 10, 100):
            refit = LogisticRegression(C=C * strength, max_iter=300).fit(X[:, columns], y)
            accuracy, loss = quality(refit, columns, T, t)
            print(json.dumps({"peer": "scikit-learn L1, refit, npz", "settings": f"C {C:.3g}, refit {C * strength:.3g}", "bytes": size(refit, columns), "accuracy": accuracy, "logLoss": loss}), flush=True)


main()
