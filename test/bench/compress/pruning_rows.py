"""Rows as the pruning half of the benchmark writes them, and the log-loss of a linear model on them."""
import json

import numpy as np


def read(folder, name):
    path = f"{folder}/{name}"
    with open(f"{path}.json") as file:
        meta = json.load(file)
    values = np.fromfile(f"{path}.values", dtype=np.float32).astype(np.float64)
    labels = np.fromfile(f"{path}.labels", dtype=np.uint32).astype(int)
    shape = (meta["rows"], meta["columns"])
    if meta["dense"]:
        return values.reshape(shape), labels, meta["classes"]
    import scipy.sparse as sp  # torch's peer has dense rows and may have no scipy

    pointers = np.fromfile(f"{path}.pointers", dtype=np.uint32).astype(np.int32)
    indices = np.fromfile(f"{path}.indices", dtype=np.uint32).astype(np.int32)
    return sp.csr_matrix((values, indices, pointers), shape=shape), labels, meta["classes"]


def log_loss(coefficients, intercepts, features, labels, classes, softmax=True):
    margins = np.asarray(features @ coefficients.T) + intercepts
    if classes == 2:
        return float(np.logaddexp(0, -np.where(labels == 1, margins[:, 0], -margins[:, 0])).mean())
    logs = margins if softmax else -np.logaddexp(0, -margins)
    return float((np.logaddexp.reduce(logs, axis=1) - logs[np.arange(len(labels)), labels]).mean())
