"""Magnitude pruning by torch.nn.utils.prune at so many weights, fine-tuned from the float model; JSON on stdout.

torch-peers.py FOLDER KEEPS LAMBDA; FOLDER holds the rows as for pruning-peers.py and start.weights, start.intercepts (f64).
The schedule, the training and the choices are those of tfmot-peers.py.
"""
import json
import math
import sys

import numpy as np
import torch
from torch.nn.utils import prune

from pruning_rows import log_loss, read

torch.set_num_threads(1)
folder, wanted, strength = sys.argv[1], [int(k) for k in sys.argv[2].split(",")], float(sys.argv[3])
(x, y, classes), (xv, yv, _), (xt, yt, _) = (read(folder, name) for name in ("train", "validation", "test"))
outputs = 1 if classes == 2 else classes
weights = torch.tensor(np.fromfile(f"{folder}/start.weights").reshape(-1, outputs).T, dtype=torch.float32)
intercepts = torch.tensor(np.fromfile(f"{folder}/start.intercepts"), dtype=torch.float32)
features, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
batch, epochs, ramp = 128, 30, 15
steps = -(-len(y) // batch)


def loss_of(margins, truth):
    if outputs == 1:
        return torch.nn.functional.binary_cross_entropy_with_logits(margins[:, 0], truth.float())
    return torch.nn.functional.cross_entropy(margins, truth)


def pruned(keep, rate, share):
    torch.manual_seed(1)
    layer = torch.nn.Linear(x.shape[1], outputs)
    with torch.no_grad():
        layer.weight.copy_(weights)
        layer.bias.copy_(intercepts)
    prune.identity(layer, "weight")
    optimiser = torch.optim.Adam(layer.parameters(), lr=rate, eps=1e-7)
    decay = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: (1 + math.cos(math.pi * step / (epochs * steps))) / 2)
    gone = 0
    for step in range(epochs * steps):
        at = step % steps
        if at == 0:
            order = torch.randperm(len(y))
        if step % max(1, steps // 4) == 0 or step == ramp * steps:
            due = round((weights.numel() - keep) * (1 - (1 - min(1, step / (ramp * steps))) ** 3))
            if due > gone:
                prune.l1_unstructured(layer, "weight", amount=due - gone)
            gone = due
        rows = order[at * batch : (at + 1) * batch]
        optimiser.zero_grad()
        (loss_of(layer(features[rows]), labels[rows]) + share * strength / 2 * layer.weight.square().sum()).backward()
        optimiser.step()
        decay.step()
    prune.remove(layer, "weight")
    return layer.weight.detach().numpy().astype(np.float64), layer.bias.detach().numpy().astype(np.float64)


results = []
for keep in wanted:
    fits = [pruned(keep, rate, share) for rate in (1e-2, 1e-3) for share in (0.3, 1, 3)]
    chosen = min(fits, key=lambda fit: log_loss(*fit, xv, yv, classes))
    results.append({"kept": int(np.count_nonzero(chosen[0])), "logLoss": log_loss(*chosen, xt, yt, classes)})
json.dump([{"name": f"torch {torch.__version__}, magnitude, fine-tuned", "results": results}], sys.stdout)
