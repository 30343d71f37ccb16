"""A linear model in ONNX Runtime as it quantizes it: dynamic and static int8, 4 bits in blocks. Writes the margins of test rows.

onnx-peers.py FOLDER; FOLDER holds meta.json, weights.f32 (columns x outputs), intercepts.f32 and rows named calibration and test.
Prints a JSON list of { name, bits, bytes, file } or { name, bits, failed }.
"""

import json
import logging
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

logging.disable(logging.WARNING)
folder = Path(sys.argv[1])
meta = json.loads((folder / "meta.json").read_text())
columns, outputs = meta["columns"], meta["outputs"]
chunk = max(1, min(256, 2**24 // columns))


def rows_of(name):
    """Dense chunks of rows."""
    read = lambda part, kind: np.fromfile(folder / f"{name}.{part}", kind)
    pointers = folder / f"{name}.pointers.u32"
    count = meta[name]
    if not pointers.exists():
        values = read("values.f32", np.float32).reshape(count, columns)
        for first in range(0, count, chunk):
            yield values[first : first + chunk]
        return
    ends, indices = read("pointers.u32", np.uint32), read("indices.u32", np.uint32)
    values = read("values.f32", np.float32) if (folder / f"{name}.values.f32").exists() else np.ones(len(indices), np.float32)
    for first in range(0, count, chunk):
        last = min(first + chunk, count)
        part = np.zeros((last - first, columns), np.float32)
        own = slice(ends[first], ends[last])
        lengths = np.diff(ends[first : last + 1])
        part[np.repeat(np.arange(last - first), lengths), indices[own]] = values[own]
        yield part


class Reader(CalibrationDataReader):
    def __init__(self):
        self.parts = rows_of("calibration")

    def get_next(self):
        part = next(self.parts, None)
        return None if part is None else {"x": part}


def float_model():
    weights = np.fromfile(folder / "weights.f32", np.float32).reshape(columns, outputs)
    intercepts = np.fromfile(folder / "intercepts.f32", np.float32)
    nodes = [helper.make_node("MatMul", ["x", "w"], ["xw"], "product"), helper.make_node("Add", ["xw", "b"], ["y"], "sum")]
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", columns])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", outputs])],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(intercepts, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.save(model, folder / "float.onnx")
    return str(folder / "float.onnx")


def dynamic(source, target, per_channel):
    quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=per_channel)


def static(source, target):
    quantize_static(source, target, Reader(), quant_format=QuantFormat.QDQ, weight_type=QuantType.QInt8, per_channel=True)


def four_bits(source, target):
    try:
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer as Quantizer
    except ImportError:
        from onnxruntime.quantization.matmul_4bits_quantizer import MatMul4BitsQuantizer as Quantizer
    quantizer = Quantizer(onnx.load(source), block_size=32, is_symmetric=True)
    quantizer.process()
    quantizer.model.save_model_to_file(target)


source = float_model()
found = []
for name, bits, make in (
    ("ONNX Runtime, float", 32, None),
    ("ONNX Runtime dynamic int8", 8, lambda a, b: dynamic(a, b, False)),
    ("ONNX Runtime dynamic int8, a channel", 8, lambda a, b: dynamic(a, b, True)),
    ("ONNX Runtime static int8, a channel", 8, static),
    ("ONNX Runtime 4 bits, blocks of 32", 4, four_bits),
):
    target = str(folder / f"{len(found)}.onnx") if make else source
    try:
        if make:
            make(source, target)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        session = ort.InferenceSession(target, options, providers=["CPUExecutionProvider"])
        margins = np.concatenate([session.run(None, {"x": part})[0] for part in rows_of("test")])
    except Exception as error:
        found.append({"name": name, "bits": bits, "failed": str(error).split("\n")[0][:80]})
        continue
    file = f"{len(found)}.f32"
    margins.astype(np.float32).tofile(folder / file)
    found.append({"name": name, "bits": bits, "bytes": Path(target).stat().st_size, "file": file})
json.dump(found, sys.stdout)
