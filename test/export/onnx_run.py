"""Checks an ONNX file and runs it in onnxruntime: one JSON object in, one out."""
import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime

asked = json.load(sys.stdin)
data = base64.b64decode(asked["model"])
model = onnx.load_from_string(data)
onnx.checker.check_model(model, full_check=True)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
kinds = {"number": np.float64, "float": np.float32, "int": np.int64}
given = {}
for name, value in asked["inputs"].items():
    kind, rows = value["type"], value["values"]
    if kind == "text":
        given[name] = np.array(rows, dtype=object)
    else:
        filled = [[np.nan if x is None else x for x in row] for row in rows]
        given[name] = np.array(filled, dtype=kinds[kind])
assert sorted(given) == sorted(i.name for i in session.get_inputs()), [i.name for i in session.get_inputs()]
label, probabilities = session.run(["label", "probabilities"], given)
golden = [e.value for e in model.metadata_props if e.key == "logitpress.golden"]
domains = sorted({n.domain for n in model.graph.node})
json.dump({
    "labels": label.tolist(),
    "probabilities": [None if np.isnan(p) else float(p) for p in probabilities.ravel()],
    "golden": golden,
    "operators": sorted({n.op_type for n in model.graph.node}),
    "domains": domains,
}, sys.stdout)
