"""fastText's quantized supervised models of the same sparse rows: reads FOLDER, prints one JSON line a file.

Each stored feature becomes a word, so that it sees the same n-grams in the same buckets; it counts words, and so is not
given values. `cutoff` keeps that many words and retrains; fastText refuses fewer than 256. FOLDER is as for peers.py.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, sys.argv[2])
import fasttext

folder = Path(sys.argv[1])
digits = "0123456789abcdefghijklmnopqrstuvwxyz"


def word(number):
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
        if number == 0:
            return text


def read(name):
    load = lambda part: np.fromfile(folder / f"{name}.{part}", dtype=np.uint32)
    pointers, indices, labels = load("pointers"), load("indices"), load("labels")
    return [" ".join(map(word, indices[a:b].tolist())) for a, b in zip(pointers, pointers[1:])], labels


def quality(model, lines, labels, classes):
    """By the bindings' own predictor: the wrapper asks NumPy for what NumPy 2 refuses."""
    right = loss = 0.0
    for line, label in zip(lines, labels.tolist()):
        told = {name: min(p, 1.0) for p, name in model.f.predict(line + "\n", classes, 0.0, "strict")}
        right += max(told, key=told.get) == f"__label__{label}"
        loss -= np.log(max(told.get(f"__label__{label}", 0.0), 1e-12))
    return right / len(labels), loss / len(labels)


def main():
    (lines, labels), (test, own) = read("train"), read("test")
    classes = int(labels.max()) + 1
    source = folder / "fasttext.txt"
    source.write_text("".join(f"__label__{label} {line}\n" for line, label in zip(lines, labels)))
    for dim in (2, 4):
        trained = fasttext.train_supervised(str(source), dim=dim, epoch=25, lr=0.5, thread=1, seed=0, verbose=0, minCount=2)
        words = len(trained.words)
        whole = folder / "model.bin"
        trained.save_model(str(whole))
        for cutoff in (256, 512, 1024, 4096, 16384):
            if cutoff >= words:
                continue
            model = fasttext.load_model(str(whole))
            try:
                model.quantize(str(source), cutoff=cutoff, retrain=True, qnorm=True, dsub=dim, epoch=5, lr=0.2, thread=1)
            except (RuntimeError, ValueError) as error:
                print(f"fastText, {cutoff} words: {error}", file=sys.stderr)
                continue
            target = folder / "model.ftz"
            model.save_model(str(target))
            accuracy, loss = quality(model, test, own, classes)
            print(json.dumps({"peer": "fastText quantize", "settings": f"{cutoff} words, dim {dim}", "bytes": os.path.getsize(target), "accuracy": float(accuracy), "logLoss": float(loss)}), flush=True)


main()
