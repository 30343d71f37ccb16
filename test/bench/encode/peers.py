"""scikit-learn's side of the benchmark: answers each case that a line names. peers.py TABLE E-MAILS"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table, mails = Path(sys.argv[1]), Path(sys.argv[2])


def read_table():
    meta = json.loads((table / "meta.json").read_text())
    columns = {}
    for j, width in enumerate(meta["widths"]):
        levels = np.array([f"level {k}" for k in range(width)], dtype=object)
        columns[f"c{j}"] = levels[np.fromfile(table / f"c{j}.u16", np.uint16)]
    for j in range(len(meta["widths"])):
        columns[f"x{j}"] = np.fromfile(table / f"x{j}.f64")
    return pd.DataFrame(columns)


def read_mails():
    return [(mails / name).read_text(encoding="latin-1") for name in json.loads((mails / "file_list.json").read_text())]


def new_table():
    names = lambda letter: [f"{letter}{j}" for j in range(25)]
    onehot = OneHotEncoder(dtype=np.float32, handle_unknown="ignore")
    return ColumnTransformer([("numeric", StandardScaler(), names("x")), ("levels", onehot, names("c"))], sparse_threshold=1)


def new_text():
    hasher = HashingVectorizer(n_features=2**18, ngram_range=(1, 2), alternate_sign=False, norm=None, dtype=np.float32)
    return make_pipeline(hasher, TfidfTransformer(sublinear_tf=True))


data, fitted = {}, {}
for line in sys.stdin:
    name = line.strip()
    kind, what = name.split(": ")
    if kind not in data:
        data[kind] = read_table() if kind == "table" else read_mails()
    rows = data[kind]
    make = new_table if kind == "table" else new_text
    if what != "fit and encode" and kind not in fitted:
        fitted[kind] = make().fit(rows)
    cpu, start = time.process_time(), time.perf_counter()
    features = make().fit_transform(rows) if what == "fit and encode" else fitted[kind].transform(rows)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    total = float(np.abs(features.data).sum(dtype=np.float64))
    fact = f"{features.shape[0]} x {features.shape[1]}, {features.nnz} nonzeros, sum {total:.8g}"
    print(json.dumps({"seconds": seconds, "cpu": cpu, "fact": fact}), flush=True)
