"""TensorFlow Model Optimization's magnitude pruning at so many weights, fine-tuned from the float model; JSON on stdout.

tfmot-peers.py FOLDER KEEPS LAMBDA; FOLDER holds the rows as for pruning-peers.py and start.weights, start.intercepts (f64).
Of step sizes and penalties that with the least log-loss on validation rows is taken; what pruning leaves is then trained on
under its mask, as the library's own guide does.
"""
import json
import os
import sys

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras

from pruning_rows import log_loss, read

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
folder, wanted, strength = sys.argv[1], [int(k) for k in sys.argv[2].split(",")], float(sys.argv[3])
(x, y, classes), (xv, yv, _), (xt, yt, _) = (read(folder, name) for name in ("train", "validation", "test"))
outputs = 1 if classes == 2 else classes
start = [
    np.fromfile(f"{folder}/start.weights").reshape(-1, outputs).astype(np.float32),
    np.fromfile(f"{folder}/start.intercepts").astype(np.float32),
]
batch, epochs, ramp = 128, 30, 15
sparsity = tfmot.sparsity.keras


def pruned(keep, rate, share):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.layers.Input((x.shape[1],)), keras.layers.Dense(outputs, kernel_regularizer=keras.regularizers.L2(share * strength / 2))])
    model.set_weights(start)
    steps = -(-len(y) // batch)
    schedule = sparsity.PolynomialDecay(0.0, 1 - keep / start[0].size, begin_step=0, end_step=ramp * steps, frequency=max(1, steps // 4))
    wrapped = sparsity.prune_low_magnitude(model, pruning_schedule=schedule)
    loss = keras.losses.BinaryCrossentropy(from_logits=True) if outputs == 1 else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    decay = keras.optimizers.schedules.CosineDecay(rate, epochs * steps)
    wrapped.compile(keras.optimizers.Adam(decay), loss=loss)
    wrapped.fit(x.astype(np.float32), y, batch_size=batch, epochs=epochs, verbose=0, callbacks=[sparsity.UpdatePruningStep()])
    weights, intercepts = sparsity.strip_pruning(wrapped).get_weights()
    return weights.T.astype(np.float64), intercepts.astype(np.float64)


results = []
for keep in wanted:
    fits = [pruned(keep, rate, share) for rate in (1e-2, 1e-3) for share in (0.3, 1, 3)]
    chosen = min(fits, key=lambda fit: log_loss(*fit, xv, yv, classes))
    results.append({"kept": int(np.count_nonzero(chosen[0])), "logLoss": log_loss(*chosen, xt, yt, classes)})
json.dump([{"name": f"tfmot {tfmot.__version__}, magnitude, fine-tuned", "results": results}], sys.stdout)
