"""Reads files for other programs as those programs do, and prints what they hold."""

import io
import json
import sys

import numpy
import scipy.sparse
from safetensors.numpy import load

asked = json.load(sys.stdin)


def bytes_of(name):
    return bytes.fromhex(asked[name])


rows = numpy.array(asked["rows"])
weights = scipy.sparse.load_npz(io.BytesIO(bytes_of("npz")))
npz = numpy.load(io.BytesIO(bytes_of("npz")), allow_pickle=False)
dense = load(bytes_of("dense"))
sparse = load(bytes_of("sparse"))
rebuilt = scipy.sparse.csr_array(
    (sparse["values"], sparse["col_indices"], sparse["crow_indices"]), shape=weights.shape
)
print(
    json.dumps(
        {
            "npz": (rows @ weights.T + npz["intercepts"]).tolist(),
            "dense": (rows @ dense["weight"].T.astype(float) + dense["bias"]).tolist(),
            "sparse": (rows @ rebuilt.T.astype(float) + sparse["bias"]).tolist(),
            "classes": npz["classes"].tolist(),
            "link": npz["link"].tolist(),
            "threshold": npz["threshold"].tolist(),
            "dtype": str(dense["weight"].dtype),
        }
    )
)
