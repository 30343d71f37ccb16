"""Fits models with scikit-learn and liblinear and writes them in the forms that are read back, with their probabilities."""
import base64
import json
import os
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import logitpress_sklearn
import numpy as np
from liblinear.liblinearutil import predict, save_model, train
from skl2onnx import to_onnx
from sklearn import datasets
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore")
cancer = datasets.load_breast_cancer(return_X_y=True)
digits = datasets.load_digits(return_X_y=True)
named = (cancer[0], np.where(cancer[1] == 1, "benign", "malign"))
short = LogisticRegression(max_iter=50)
estimators = {
    "cancer": (make_pipeline(StandardScaler(), LogisticRegression()), named),
    "cancer unscaled": (LogisticRegression(solver="liblinear"), cancer),
    "cancer sgd": (make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=1)), cancer),
    "digits softmax": (short, digits),
    "digits ovr": (OneVsRestClassifier(LogisticRegression(solver="liblinear")), digits),
    "digits scaled": (make_pipeline(StandardScaler(), LogisticRegression(max_iter=50)), digits),
}
found = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model")
    for name, (estimator, (x, y)) in estimators.items():
        estimator.fit(x, y)
        logitpress_sklearn.dump(estimator, path)
        case = {"name": name, "x": x.tolist(), "probabilities": estimator.predict_proba(x).ravel().tolist()}
        case["labels"] = estimator.predict(x).tolist()
        case["json"] = open(path, encoding="utf-8").read()
        if "ovr" not in name and "sgd" not in name:
            case["onnx"] = base64.b64encode(to_onnx(estimator, x[:1].astype(np.float32)).SerializeToString()).decode()
        found.append(case)
    for name, (x, y), options in (
        ("liblinear two", (cancer[0] / cancer[0].max(axis=0), cancer[1] * 2 - 1), "-s 0 -B 1 -q"),
        ("liblinear two, first label the smaller", (digits[0][digits[1] < 2] / 16, digits[1][digits[1] < 2]), "-s 7 -q"),
        ("liblinear ten", (digits[0] / 16, digits[1]), "-s 6 -B 2 -q"),
    ):
        x = np.asarray(x, dtype=np.float64)
        model = train(y.astype(float).tolist(), x.tolist(), options)
        save_model(path, model)
        labels, _, values = predict([], x.tolist(), model, "-b 1 -q")
        order = np.argsort(model.get_labels())
        found.append({
            "name": name, "x": x.tolist(), "labels": [int(v) for v in labels],
            "probabilities": np.array(values)[:, order].ravel().tolist(), "liblinear": open(path).read(),
        })
json.dump(found, sys.stdout)
