"""Fits the elastic net with scikit-learn's saga: one JSON object on standard input, one on standard output."""
import json
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

case = json.load(sys.stdin)
x = np.array(case["x"], dtype=np.float64).reshape(case["rows"], case["columns"])
y = np.array(case["y"])
warnings.simplefilter("ignore")
model = LogisticRegression(
    C=1.0 / (len(y) * case["lambda"]),
    l1_ratio=case["l1Ratio"],
    penalty="elasticnet",
    solver="saga",
    tol=1e-10,
    max_iter=20000,
    random_state=0,
).fit(x, y)
json.dump({"weights": model.coef_.T.ravel().tolist(), "intercepts": model.intercept_.tolist()}, sys.stdout)
