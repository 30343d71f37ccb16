"""Loads a file of toSklearn and predicts: one JSON object in, one out."""
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
asked = json.load(sys.stdin)
sys.path.insert(0, asked["module"])
import logitpress_sklearn
import numpy as np
from sklearn.base import clone, is_classifier

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(asked["model"])
    estimator = logitpress_sklearn.load(path)
assert is_classifier(estimator)
rows = asked["rows"]
if isinstance(rows, list):
    rows = np.array(rows)
json.dump({
    "type": type(estimator).__name__,
    "labels": estimator.predict(rows).tolist(),
    "probabilities": estimator.predict_proba(rows).ravel().tolist(),
}, sys.stdout)
