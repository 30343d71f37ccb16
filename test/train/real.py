"""Writes one of scikit-learn's small data sets as JSON."""
import json
import sys

from sklearn import datasets

x, y = {"cancer": datasets.load_breast_cancer, "digits": datasets.load_digits}[sys.argv[1]](return_X_y=True)
json.dump({"x": x.ravel().tolist(), "y": y.tolist(), "columns": x.shape[1]}, sys.stdout)
