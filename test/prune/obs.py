"""The optimal brain surgeon with numpy, each step by an inverse from scratch: reads a JSON object, writes one."""
import json
import sys

import numpy as np

case = json.load(sys.stdin)
rows, columns, outputs = case["rows"], case["columns"], case["outputs"]
link, strength = case["link"], case["lambda"]
x = np.array(case["x"], dtype=np.float64).reshape(rows, columns)
weights = np.array(case["weights"]).reshape(columns, outputs)
intercepts = np.array(case["intercepts"])
shares = np.array(case["shares"])
scale = np.array(case["scale"])
margins = x @ weights + intercepts
extended = np.hstack([x, np.ones((rows, 1))])

size = (columns + 1) * outputs
H = np.zeros((size, size))
if link == "softmax":
    p = np.exp(margins - margins.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
for i in range(rows):
    if link == "softmax":
        block = np.diag(p[i]) - np.outer(p[i], p[i])
    else:
        q = 1 / (1 + np.exp(-margins[i]))
        block = np.diag(q * (1 - q))
    H += shares[i] * np.kron(np.outer(extended[i], extended[i]), block)
for j in range(columns):
    for k in range(outputs):
        H[j * outputs + k, j * outputs + k] += strength / scale[j] ** 2

w = np.concatenate([weights.ravel(), intercepts])
units = [list(unit) for unit in case["units"]]
alive = [at for at in range(size) if at >= columns * outputs or w[at] != 0]
total, order = 0.0, []
for _ in range(case["remove"]):
    inverse = np.linalg.pinv(H[np.ix_(alive, alive)], rcond=1e-13)
    place = {at: i for i, at in enumerate(alive)}
    best = None
    for u, unit in enumerate(units):
        own = [place[at] for at in unit if at in place]
        if not own:
            continue
        values = w[[alive[i] for i in own]]
        rise = values @ np.linalg.solve(inverse[np.ix_(own, own)], values) / 2
        if best is None or rise < best[0]:
            best = (rise, u, own, values)
    rise, u, own, values = best
    step = inverse[:, own] @ np.linalg.solve(inverse[np.ix_(own, own)], values)
    w[alive] -= step
    gone = {alive[i] for i in own}
    for at in gone:
        w[at] = 0
    alive = [at for at in alive if at not in gone]
    total += rise
    order.append(u)
json.dump({"weights": w.tolist(), "total": total, "order": order}, sys.stdout)
