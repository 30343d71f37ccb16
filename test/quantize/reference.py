"""Quantizers by numpy and scikit-learn, for ours to be compared with. Reads one JSON object, writes one."""

import json
import sys

import numpy as np
from sklearn.cluster import KMeans

given = json.load(sys.stdin)
values = np.array(given["values"])


def kmeans(count):
    """The least squared error that Lloyd's iteration finds from twenty starts."""
    return float(KMeans(count, n_init=20, random_state=0).fit(values[:, None]).inertia_)


def uniform(bits):
    """QuantizeLinear and DequantizeLinear of ONNX with a zero point of half a step: minmax, symmetric."""
    count = 2**bits
    scale = float(np.abs(values).max() / (count / 2 - 0.5))
    codes = np.clip(np.floor(values / scale) + count / 2, 0, count - 1)
    return {"scale": scale, "codes": codes.astype(int).tolist()}


def gptq(weights, hessian, levels):
    """GPTQ as published: the upper factor of the inverse Hessian, the errors of each column fed forward."""
    order = np.argsort(-np.diag(hessian), kind="stable")
    w, H = np.array(weights)[order], np.array(hessian)[np.ix_(order, order)]
    upper = np.linalg.cholesky(np.linalg.inv(H)).T
    out = np.zeros(len(w))
    for j in range(len(w)):
        out[j] = levels[np.argmin(np.abs(levels - w[j]))]
        w[j + 1 :] -= (w[j] - out[j]) / upper[j, j] * upper[j, j + 1 :]
    back = np.zeros(len(w))
    back[order] = out
    return back.tolist()


bfloat = values.astype(np.float32).view(np.uint32)
bfloat = ((bfloat + 0x7FFF + ((bfloat >> 16) & 1)) >> 16).astype(np.uint16)
g = given["gptq"]
json.dump(
    {
        "kmeans": {count: kmeans(int(count)) for count in given["counts"]},
        "uniform": {bits: uniform(int(bits)) for bits in given["bits"]},
        "float16": values.astype(np.float16).view(np.uint16).tolist(),
        "bfloat16": bfloat.tolist(),
        "gptq": gptq(g["weights"], g["hessian"], np.array(g["levels"])),
    },
    sys.stdout,
)
