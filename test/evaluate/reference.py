import json
import sys

import numpy as np
from sklearn import metrics

cases = json.load(sys.stdin)
found = []
for case in cases:
    y, p, s = np.array(case["truth"]), np.array(case["probabilities"]), np.array(case["weights"])
    k = p.shape[1]
    predicted = p.argmax(axis=1)
    binary = k == 2
    score = p[:, 1] if binary else p
    found.append({
        "accuracy": metrics.accuracy_score(y, predicted, sample_weight=s),
        "balancedAccuracy": metrics.balanced_accuracy_score(y, predicted, sample_weight=s),
        "logLoss": metrics.log_loss(y, p, sample_weight=s, labels=range(k)),
        "auc": metrics.roc_auc_score(y, score, sample_weight=s, multi_class="ovr"),
        "f1": metrics.f1_score(y, predicted, average="macro", sample_weight=s),
        "brier": metrics.brier_score_loss(y, score, sample_weight=s, labels=list(range(k))),
    })
json.dump(found, sys.stdout)
