"""Between logitpress and scikit-learn. Needs scikit-learn 1.5 or newer; keep this file beside your program.

    import logitpress_sklearn
    model = logitpress_sklearn.load("model.json")      # written by toSklearn
    model.predict_proba(frame)                         # a data frame, or a dict of columns
    logitpress_sklearn.dump(estimator, "linear.json")  # to be read by fromSklearn
"""
import base64
import json
import math
import re
import unicodedata

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelBinarizer, StandardScaler
from sklearn.utils import murmurhash3_32


def load(path):
    """The estimator of a file: a Pipeline where the model has an encoder, else one that takes features."""
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    if model.get("format") != "logitpress-sklearn-1":
        raise ValueError("not a file of toSklearn")
    classifier = _classifier(model)
    if model["encoder"] is not None:
        classifier = Pipeline([("columns", Columns(model["encoder"])), ("model", classifier)])
    if model["threshold"] != 0.5:
        fixed = FixedThresholdClassifier(
            classifier, threshold=model["threshold"], pos_label=_labels(model)[1], response_method="predict_proba"
        )
        fixed.estimator_ = classifier
        fixed._pos_label = _labels(model)[1]
        classifier = fixed
    _self_test(classifier, model)
    return classifier


def dump(estimator, path):
    """Writes a fitted LogisticRegression, SGDClassifier(loss="log_loss"), a OneVsRestClassifier of these, or a Pipeline of
    StandardScaler and these. Scaling is folded into the weights."""
    mean, scale, names = 0.0, 1.0, getattr(estimator, "feature_names_in_", None)
    if isinstance(estimator, Pipeline):
        *before, (_, last) = estimator.steps
        for name, step in before:
            if step == "passthrough":
                continue
            if not isinstance(step, StandardScaler) or not isinstance(mean, float):
                raise TypeError(f"step {name} ({type(step).__name__}) can't be folded into a linear model")
            mean = np.zeros(step.n_features_in_) if step.mean_ is None else step.mean_
            scale = np.ones(step.n_features_in_) if step.scale_ is None else step.scale_
        estimator = last
    if isinstance(estimator, OneVsRestClassifier):
        parts, link = estimator.estimators_, "ovr"
        coef = np.vstack([e.coef_ for e in parts])
        intercept = np.concatenate([np.atleast_1d(e.intercept_) for e in parts])
    elif isinstance(estimator, LogisticRegression):
        ovr = estimator.solver == "liblinear" or getattr(estimator, "multi_class", "auto") == "ovr"
        link, coef, intercept = "ovr" if ovr else "softmax", estimator.coef_, estimator.intercept_
    elif isinstance(estimator, SGDClassifier) and estimator.loss == "log_loss":
        link, coef, intercept = "ovr", estimator.coef_, estimator.intercept_
    else:
        raise TypeError(f"{type(estimator).__name__} is no logistic regression")
    classes = estimator.classes_.tolist()
    if len(classes) == 2:
        link = "binary"
    coef = np.asarray(coef.toarray() if hasattr(coef, "toarray") else coef, dtype=np.float64)
    outputs = len(coef)
    intercept = np.broadcast_to(np.asarray(intercept, dtype=np.float64), (outputs,))
    folded = coef / scale
    intercept = intercept - folded @ np.broadcast_to(mean, (coef.shape[1],))
    if len(classes) == 2 and link == "binary" and outputs == 2:
        folded, intercept = folded[1:] - folded[:1], intercept[1:] - intercept[:1]
    table = folded.T.ravel()
    places = np.flatnonzero(table).astype("<u4")
    model = {
        "format": "logitpress-linear-1",
        "classes": classes,
        "link": link,
        "features": folded.shape[1],
        "names": None if names is None else [str(n) for n in names],
        "intercepts": intercept.tolist(),
        "places": base64.b64encode(places.tobytes()).decode(),
        "weights": base64.b64encode(table[places].astype("<f8").tobytes()).decode(),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(model, file)


class Columns(BaseEstimator, TransformerMixin):
    """Turns columns of a table into features as logitpress does."""

    def __init__(self, encoder):
        self.encoder = encoder

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        e = self.encoder
        rows, columns, values, offset = [], [], [], 0
        count = 0

        def add(i, j, x):
            rows.append(np.atleast_1d(i))
            columns.append(np.atleast_1d(j))
            values.append(np.atleast_1d(x))

        for c in e["numeric"]:
            x = np.array([_number(v, c["name"]) for v in X[c["name"]]], dtype=np.float64)
            if np.isnan(x).any() and e["missing"] == "error":
                raise ValueError(f"missing number in column {c['name']!r}")
            x = np.where(np.isnan(x), 0.0, (x - c["mean"]) / c["scale"])
            add(np.arange(len(x)), np.full(len(x), offset), x)
            count, offset = len(x), offset + 1
        for c in e["categorical"]:
            number = {level: k for k, level in enumerate(c["levels"])}
            other, last = c.get("other"), len(c["levels"])
            if isinstance(other, list):
                number.update((level, last) for level in other)
            found = [_level(v, number, e, c["name"], last if other == "any" else None) for v in X[c["name"]]]
            kept = [(i, k) for i, k in enumerate(found) if k is not None]
            add([i for i, _ in kept], [offset + k for _, k in kept], np.ones(len(kept)))
            count, offset = len(found), offset + last + (other is not None)
        for c in e["text"]:
            texts = list(X[c["name"]])
            for i, text in enumerate(texts):
                buckets, shares = _hashed("" if _missing(text) else str(text), c)
                add(np.full(len(buckets), i), offset + buckets, shares)
            terms = c.get("vocabulary")
            count, offset = len(texts), offset + (2 ** c["bits"] if terms is None else len(terms))
        for b in e.get("blocks", []):
            cells = list(zip(*(X[name] for name in b.get("names", [b.get("name")]))))
            found = [(i, offset + j, x) for i, row in enumerate(cells) for j, x in _block(b, row, e)]
            if found:
                add(*(np.array(part) for part in zip(*found)))
            count, offset = len(cells), offset + _width(b)
        if not rows:
            return csr_matrix((count, offset))
        ij = (np.concatenate(rows).astype(np.int64), np.concatenate(columns).astype(np.int64))
        return csr_matrix((np.concatenate(values), ij), shape=(count, offset))


def _missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NAType", "NaTType")


def _number(value, name):
    if _missing(value) or (isinstance(value, str) and value.strip() == ""):
        return math.nan
    x = float(value)
    if not math.isfinite(x):
        raise ValueError(f"number that is not finite in column {name!r}")
    return x


def _width(b):
    if b["kind"] == "bins":
        return len(b["edges"]) + 1
    if b["kind"] == "cross":
        return len(b["levels"]) + b["other"]
    return b["outputs"] if b["kind"] == "target" else 1


def _block(b, values, e):
    """The features of a block for one row that are not zero: their numbers and values."""
    value, name = values[0], b.get("name")
    if b["kind"] == "indicator":
        return [(0, 1.0)] if _missing(value) or (isinstance(value, str) and value.strip() == "") else []
    if b["kind"] == "bins":
        x = _number(value, name)
        if math.isnan(x) and e["missing"] == "error":
            raise ValueError(f"missing number in column {name!r}")
        return [] if math.isnan(x) else [(sum(edge <= x for edge in b["edges"]), 1.0)]
    if b["kind"] == "cross":
        levels = [_level(v, {}, {**e, "unseen": "zero"}, n, v) for v, n in zip(values, b["names"])]
        if any(level is None for level in levels):
            return []
        known = b.setdefault("_known", {tuple(level): k for k, level in enumerate(b["levels"])})
        found = known.get(tuple(_text(level) for level in levels))
        return [(found, 1.0)] if found is not None else [(len(b["levels"]), 1.0)] if b["other"] else []
    known = b.setdefault("_known", {level: k for k, level in enumerate(b["levels"])})
    k = _level(value, known, e, name)
    if k is None:
        return []
    if b["kind"] == "ordinal":
        return [(0, (k - b["mean"]) / b["scale"])]
    return [(o, b["values"][k * b["outputs"] + o]) for o in range(b["outputs"])]


def _level(value, number, encoder, name, other=None):
    if _missing(value):
        if encoder["missing"] == "error":
            raise ValueError(f"missing level in column {name!r}")
        return None
    text = _text(value)
    if text not in number and encoder["unseen"] == "error":
        raise ValueError(f"unseen level in column {name!r}: {text!r}")
    return number.get(text, other)


def _text(value):
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e21:
        return str(int(value))
    return str(value)


_apostrophes = re.compile("\u2019")


def _words(text, lowercase):
    text = _apostrophes.sub("'", unicodedata.normalize("NFKC", text))
    if lowercase:
        text = text.lower()
    words, word = [], []
    part = [c == "_" or unicodedata.category(c)[0] in "LMN" for c in text]
    for i, c in enumerate(text):
        inner = c == "'" and word and i + 1 < len(text) and part[i + 1]
        if part[i] or inner:
            word.append(c)
        elif word:
            words.append("".join(word))
            word = []
    if word:
        words.append("".join(word))
    return words


def _hashed(text, c):
    words = _words(text, c["lowercase"])
    stops = set(c.get("stopWords", ()))
    words = [word for word in words if word not in stops]
    runs = c.get("unit") == "character"
    words, gap = (" ".join(words), "") if runs else (words, " ")
    terms = c.get("vocabulary")
    if terms is not None:
        terms = c.setdefault("_terms", {term: k for k, term in enumerate(terms)})
    shortest, longest = c["ngrams"]
    seed, mask = c["seed"] & 0xFFFFFFFF, 2 ** c["bits"] - 1
    counts = {}
    for i in range(len(words)):
        for n in range(shortest, min(longest, len(words) - i) + 1):
            gram = gap.join(words[i : i + n])
            if terms is not None:
                if gram in terms:
                    counts[terms[gram]] = counts.get(terms[gram], 0) + 1
                continue
            bucket = murmurhash3_32(gram.encode("utf-8", "surrogatepass"), seed=seed, positive=True) & mask
            counts[bucket] = counts.get(bucket, 0) + 1
    buckets = np.array(sorted(counts), dtype=np.int64)
    x = np.array([counts[b] for b in buckets], dtype=np.float64)
    if c["sublinear"] and len(x):
        x = 1 + np.log(x)
    return buckets, x / np.sqrt((x * x).sum()) if len(x) else x


def _labels(model):
    classes = model["classes"]
    plain = len({type(c) for c in classes}) == 1
    if plain:
        return np.array(classes)
    labels = np.empty(len(classes), dtype=object)
    labels[:] = classes
    return labels


def _classifier(model):
    classes, link = _labels(model), model["link"]
    outputs, features = len(model["intercepts"]), model["features"]
    table = np.zeros(features * outputs)
    places = np.frombuffer(base64.b64decode(model["places"]), dtype="<u4")
    table[places] = np.frombuffer(base64.b64decode(model["weights"]), dtype="<f8")
    coef, intercept = table.reshape(features, outputs).T.copy(), np.array(model["intercepts"])
    if link != "ovr":
        return _linear(classes, coef, intercept)
    ovr = OneVsRestClassifier(LogisticRegression())
    ovr.estimators_ = [_linear(np.array([0, 1]), coef[k : k + 1], intercept[k : k + 1]) for k in range(outputs)]
    ovr.label_binarizer_ = LabelBinarizer().fit(np.arange(outputs))
    ovr.label_binarizer_.classes_ = ovr.classes_ = classes
    ovr.n_features_in_ = features
    return ovr


def _linear(classes, coef, intercept):
    linear = LogisticRegression()
    linear.classes_, linear.coef_, linear.intercept_ = classes, coef, intercept
    linear.n_features_in_, linear.n_iter_ = coef.shape[1], np.array([0])
    return linear


def _self_test(classifier, model):
    golden = model["golden"]
    if model["encoder"] is None:
        x = np.zeros((len(golden["rows"]), model["features"])) if model["features"] <= 4096 else None
        if x is None:
            i = [i for i, row in enumerate(golden["rows"]) for _ in row]
            j, v = [j for row in golden["rows"] for j, _ in row], [v for row in golden["rows"] for _, v in row]
            x = csr_matrix((v, (i, j)), shape=(len(golden["rows"]), model["features"]))
        else:
            for i, row in enumerate(golden["rows"]):
                for j, v in row:
                    x[i, j] = v
    else:
        x = golden["rows"]
    found = classifier.predict_proba(x)
    if not np.allclose(found, golden["probabilities"], rtol=0, atol=1e-6):
        raise ValueError("self-test failed: this scikit-learn gives other probabilities than the model did")
