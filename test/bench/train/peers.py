"""The peers: each fits the same arrays in the form that it likes best, in a process of its own.

peers.py FOLDER; requests and answers are JSON objects, one a line, on standard input and output:
{"list": true, penalty, link, path} gives the peers of such a case; {peer, penalty, link, lambdas, tolerance, threads,
out} fits, and gives the seconds of the fit alone. Weights go to the file `out`: column after column, K numbers each,
then K intercepts, as 64-bit floats, one such table for each lambda.
"""

import functools
import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import scipy.sparse

warnings.filterwarnings("ignore")
FOLDER = Path(sys.argv[1])
META = json.loads((FOLDER / "meta.json").read_text())
ROWS, COLUMNS, CLASSES = META["rows"], META["columns"], META["classes"]
MANY = 10**6


def decades(loosest, tightest):
    """Tolerances from 10^loosest to 10^tightest, two a decade."""
    return [float(f"{10 ** (-k / 2):.0e}") for k in range(-2 * loosest, -2 * tightest + 1)]


def read(name, kind):
    return np.fromfile(FOLDER / name, kind)


@functools.cache
def rows_of(kind="f8"):
    """Rows as a CSR matrix or a dense array."""
    if META["kind"] == "dense":
        return read("values.f32", "<f4").reshape(ROWS, COLUMNS).astype(kind)
    indices = read("indices.u32", "<u4").astype(np.int32)
    ones = META["kind"] == "ones"
    values = np.ones(len(indices), kind) if ones else read("values.f32", "<f4").astype(kind)
    return scipy.sparse.csr_matrix((values, indices, read("pointers.u32", "<u4").astype(np.int32)), (ROWS, COLUMNS))


@functools.cache
def columns_of():
    """Columns as a CSC matrix or a dense array in Fortran's order."""
    X = rows_of()
    return np.asfortranarray(X) if isinstance(X, np.ndarray) else X.tocsc()


@functools.cache
def labels_of():
    return read("labels.u8", "u1").astype(np.float64)


@functools.cache
def signs_of():
    return 2 * labels_of() - 1


def table(weights, intercepts):
    """Weights (columns x K) and intercepts (K) as one table."""
    return np.concatenate([np.asarray(weights, np.float64).ravel(), np.atleast_1d(intercepts).astype(np.float64)])


def timed(fit):
    began = time.perf_counter()
    fitted = fit()
    return time.perf_counter() - began, fitted


def cost(case):
    return 1 / (ROWS * case["lambdas"][0])


def coefficients(model):
    return [table(model.coef_.T, model.intercept_)]


def scikit(solver, kind="f8"):
    def fit(case):
        from sklearn.linear_model import LogisticRegression
        from sklearn.multiclass import OneVsRestClassifier

        X, y = rows_of(kind), labels_of()
        ratio = {"l2": 0, "l1": 1}[case["penalty"]]
        model = LogisticRegression(
            solver=solver, C=cost(case), l1_ratio=ratio, tol=case["tolerance"], max_iter=MANY
        )
        if case["link"] != "ovr":
            seconds, model = timed(lambda: model.fit(X, y))
            return seconds, coefficients(model)
        seconds, model = timed(lambda: OneVsRestClassifier(model).fit(X, y))
        each = model.estimators_
        return seconds, [table(np.stack([m.coef_[0] for m in each], 1), [m.intercept_[0] for m in each])]

    return fit


def liblinear(flags):
    def fit(case):
        from liblinear.liblinear import parameter, problem
        from liblinear.liblinearutil import train

        given = problems(problem)
        options = parameter(f"{flags} -B 1 -c {cost(case):.17g} -e {case['tolerance']:g} -q")
        seconds, model = timed(lambda: train(given, options))
        K = model.nr_class if model.nr_class > 2 else 1
        w = np.ctypeslib.as_array(model.w, (COLUMNS + 1, K)).copy()
        if K == 1:
            w *= 1 if model.label[0] == 1 else -1
        else:
            w = w[:, np.argsort(model.label[:K])]
        return seconds, [table(w[:COLUMNS], w[COLUMNS])]

    return fit


@functools.cache
def problems(problem):
    y = signs_of() if CLASSES == 2 else labels_of()
    return problem(y, scipy.sparse.csr_matrix(rows_of()), bias=1)


def snapml(dual):
    def fit(case):
        from snapml import LogisticRegression

        X, y = rows_of("f4"), labels_of()
        model = LogisticRegression(
            regularizer=ROWS * case["lambdas"][0],
            penalty=case["penalty"],
            dual=dual,
            n_jobs=case["threads"],
            tol=case["tolerance"],
            max_iter=MANY,
            fit_intercept=True,
            use_gpu=False,
            random_state=0,
        )
        seconds, model = timed(lambda: model.fit(X, y))
        return seconds, [table(np.asarray(model.coef_).reshape(-1, COLUMNS).T, model.intercept_)]

    return fit


def celer(case):
    from celer import LogisticRegression, celer_path

    X, y = columns_of(), signs_of()
    if len(case["lambdas"]) == 1:
        model = LogisticRegression(C=cost(case), tol=case["tolerance"], max_iter=1000, fit_intercept=False)
        seconds, model = timed(lambda: model.fit(X, y))
        return seconds, [table(model.coef_.ravel(), 0)]
    alphas = ROWS * np.array(case["lambdas"])
    path = lambda: celer_path(X, y, "logreg", alphas=alphas, tol=case["tolerance"], max_iter=1000, use_PN=True)
    seconds, found = timed(path)
    return seconds, [table(w, 0) for w in found[1].T]


def skglm(case):
    from skglm import SparseLogisticRegression

    X, y = columns_of(), labels_of()
    model = SparseLogisticRegression(tol=case["tolerance"], max_iter=1000, max_epochs=50_000, warm_start=True)

    def fit():
        tables = []
        for alpha in case["lambdas"]:
            model.alpha = alpha
            model.fit(X, y)
            tables.append(table(model.coef_.ravel(), model.intercept_))
        return tables

    return timed(fit)


def adelie(case):
    import adelie as ad

    threads = case["threads"]
    X = columns_of()
    matrix = ad.matrix.dense if isinstance(X, np.ndarray) else ad.matrix.sparse
    fit = lambda: ad.grpnet(
        X=matrix(X, method="naive", n_threads=threads),
        glm=ad.glm.binomial(labels_of(), dtype=np.float64),
        lmda_path=np.array(case["lambdas"]),
        alpha={"l2": 0, "l1": 1}[case["penalty"]],
        tol=case["tolerance"],
        irls_tol=case["tolerance"],
        n_threads=threads,
        early_exit=False,
        progress_bar=False,
    )
    seconds, state = timed(fit)
    if state.betas.shape[0] != len(case["lambdas"]):
        raise RuntimeError(f"{state.betas.shape[0]} of {len(case['lambdas'])} lambdas: {state.error or ''}")
    return seconds, [table(w, b) for w, b in zip(state.betas.toarray(), state.intercepts)]


def glmnet(steps):
    """`steps` lambdas down to the one that is asked for, or the path asked for."""

    def fit(case):
        from glmnet import LogitNet

        X, y = columns_of(), labels_of()
        asked = case["lambdas"]
        path = asked if len(asked) > 1 else list(np.geomspace(max(case["largest"], asked[0]), asked[0], steps))
        model = LogitNet(
            alpha={"l2": 0, "l1": 1}[case["penalty"]],
            lambda_path=np.array(path if steps > 1 or len(asked) > 1 else asked),
            tol=case["tolerance"],
            standardize=False,
            n_splits=0,
            max_iter=MANY,
        )
        seconds, model = timed(lambda: model.fit(X, y))
        weights = np.asarray(model.coef_path_).reshape(-1, COLUMNS, model.coef_path_.shape[-1])
        intercepts = np.asarray(model.intercept_path_).reshape(len(weights), -1)
        if weights.shape[2] < len(path):
            raise RuntimeError(f"{weights.shape[2]} of {len(path)} lambdas")
        return seconds, [table(weights[:, :, k].T, intercepts[:, k]) for k in range(weights.shape[2])][-len(asked) :]

    return fit


def peer(name, fit, tolerances, where, intercept="free", threads=(1,), compiles=False):
    own = {"intercept": intercept, "threads": threads, "compiles": compiles}
    return {"name": name, "fit": fit, "tolerances": tolerances, "where": where, **own}


small = COLUMNS <= 1000
dense = META["kind"] == "dense"
blas = (1, 2) if dense and META["nonzeros"] > 1_000_000 else (1,)
once = lambda c: not c["path"]
two = lambda c: once(c) and c["penalty"] == "l2"
one = lambda c: once(c) and c["penalty"] == "l1"
binary = lambda c: c["link"] == "binary"
sigmoid = lambda c: c["link"] != "softmax"

PEERS = [
    peer("scikit-learn newton-cg", scikit("newton-cg"), decades(-1, -9), two, threads=blas),
    peer("scikit-learn lbfgs", scikit("lbfgs"), decades(-1, -9), two, threads=blas),
    peer("scikit-learn lbfgs f32", scikit("lbfgs", "f4"), decades(-1, -7), two, threads=blas),
    peer("scikit-learn newton-cholesky", scikit("newton-cholesky"), decades(0, -9), lambda c: two(c) and small, threads=blas),
    peer("scikit-learn saga", scikit("saga"), decades(-2, -9), lambda c: one(c) and c["link"] == "softmax"),
    peer("scikit-learn liblinear", scikit("liblinear"), decades(0, -8), lambda c: once(c) and sigmoid(c), "penalised"),
    peer("liblinear -s 0 -R", liblinear("-s 0 -R"), decades(0, -8), lambda c: two(c) and sigmoid(c)),
    peer("liblinear -s 0", liblinear("-s 0"), decades(0, -8), lambda c: two(c) and sigmoid(c), "penalised"),
    peer("liblinear -s 7", liblinear("-s 7"), decades(1, -5), lambda c: two(c) and sigmoid(c), "penalised"),
    peer("liblinear -s 6 -R", liblinear("-s 6 -R"), decades(0, -7), lambda c: one(c) and sigmoid(c)),
    peer("liblinear -s 6", liblinear("-s 6"), decades(0, -7), lambda c: one(c) and sigmoid(c), "penalised"),
    peer("snapml dual", snapml(True), decades(0, -8), lambda c: two(c) and sigmoid(c), "penalised", (1, 2)),
    peer("snapml primal", snapml(False), decades(0, -8), lambda c: once(c) and sigmoid(c), "penalised", (1, 2)),
    peer("celer", celer, decades(-1, -9), lambda c: c["penalty"] == "l1" and binary(c), "none"),
    peer("skglm", skglm, decades(-1, -9), lambda c: c["penalty"] == "l1" and binary(c), compiles=True),
    peer("adelie", adelie, decades(-2, -13), binary, threads=(1, 2)),
    peer("glmnet", glmnet(1), decades(-2, -13), lambda c: c["link"] != "ovr"),
    peer("glmnet from 5 lambdas", glmnet(5), decades(-2, -13), lambda c: one(c) and c["link"] != "ovr"),
]


def answer(request):
    if request.get("list"):
        keys = ("name", "tolerances", "intercept", "threads", "compiles")
        return {"peers": [{key: p[key] for key in keys} for p in PEERS if p["where"](request)]}
    from threadpoolctl import threadpool_limits

    chosen = next(p for p in PEERS if p["name"] == request["peer"])
    before = peak(True) if request.get("memory") else 0
    with threadpool_limits(request["threads"]):
        seconds, tables = chosen["fit"](request)
    grew = peak(False) - before if request.get("memory") else None
    with open(request["out"], "wb") as file:
        for each in tables:
            each.tofile(file)
    return {"seconds": seconds, "grew": grew}


def peak(reset):
    if reset:
        rows_of(), labels_of()
        Path("/proc/self/clear_refs").write_text("5")
    return 1024 * int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


def main():
    answers = os.dup(1)
    os.dup2(2, 1)  # libraries print; answers must stay alone
    for line in sys.stdin:
        try:
            found = answer(json.loads(line))
        except Exception as error:  # a peer that fails is a result, too
            found = {"failed": f"{type(error).__name__}: {error}"[:300]}
        os.write(answers, (json.dumps(found) + "\n").encode())


if __name__ == "__main__":
    main()
