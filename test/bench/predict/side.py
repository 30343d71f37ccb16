"""scikit-learn's side of bench:predict, and m2cgen's C: side.py FOLDER [to-c]."""
import json
import os
import pickle
import resource
import sys
import time

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

folder = sys.argv[1]
meta = json.load(open(f"{folder}/meta.json"))
rows, columns, classes = meta["rows"], meta["columns"], meta["classes"]
outputs = 1 if classes == 2 else classes
model = LogisticRegression()
model.classes_ = np.arange(classes)
model.coef_ = np.ascontiguousarray(np.fromfile(f"{folder}/weights.f64").reshape(columns, outputs).T)
model.intercept_ = np.fromfile(f"{folder}/intercepts.f64")
model.n_features_in_ = columns
if sys.argv[2:] == ["to-c"]:
    import m2cgen

    sys.setrecursionlimit(100_000)
    if os.path.exists(f"{folder}/used.u32"):
        model.coef_ = model.coef_[:, np.fromfile(f"{folder}/used.u32", np.uint32)]
        model.n_features_in_ = model.coef_.shape[1]
    print(m2cgen.export_to_c(model))
    sys.exit()
path = f"{folder}/model.pickle"
with open(path, "wb") as file:
    pickle.dump(model, file)
values = np.fromfile(f"{folder}/values.f32", np.float32)
if meta["dense"]:
    x = values.reshape(rows, columns)
else:
    pointers, indices = (np.fromfile(f"{folder}/{name}.u32", np.uint32).astype(np.int32) for name in ("pointers", "indices"))
    x = sp.csr_matrix((values, indices, pointers), (rows, columns))
del model


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(count, run):
    run()
    times, end = [], time.process_time() + 0.2
    while len(times) < 5 or time.process_time() < end:
        start = time.process_time()
        run()
        times.append((time.process_time() - start) / count * 1e6)
    return sorted(times)[len(times) // 2]


before = memory()
start = time.process_time()
with open(path, "rb") as file:
    model = pickle.load(file)
load = 1000 * (time.process_time() - start)
some = [x[i : i + 1] for i in range(100)]
row = timed(100, lambda: [model.predict_proba(r) for r in some])
batch = timed(rows, lambda: model.predict_proba(x))
print(json.dumps({"row": row, "batch": batch, "load": load, "bytes": os.path.getsize(path), "memory": memory() - before}))
