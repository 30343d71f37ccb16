/** Options, each with the names that scikit-learn, R, PyTorch and others give it, in small letters and without signs. */
const names: readonly (readonly [own: string, theirs: string])[] = [
  ["delimiter", "sep separator delim"],
  ["missing", "navalues nastrings nullvalues"],
  ["schema", "dtype dtypes colclasses coltypes types text"],
  ["columns", "usecols colnames nfeatures"],
  ["test", "testsize testratio testfraction size ratio frac fraction holdout"],
  ["folds", "k nsplits splits nfolds numfolds kfolds cv"],
  ["seed", "randomstate randomseed rng"],
  ["metric", "scoring scorer score typemeasure"],
  ["validation", "measure val valid evalset"],
  ["lambdas", "cs nlambda nlambdas alphas lambda"],
  ["lambdaRatio", "lambdaminratio eps"],
  ["lambda", "l2 reg regularization regularisation strength"],
  ["l1Ratio", "mixture mixing"],
  ["maxIterations", "iterations maxit niter epochs steps"],
  ["tolerance", "tol eps epsilon thresh gtol"],
  ["fitIntercept", "intercept bias"],
  ["threads", "njobs nthreads workers jobs"],
  ["multiclass", "family multinomial"],
  ["warmStart", "init initial start"],
  ["solver", "optimizer algorithm"],
  ["penaltyWeights", "penaltyfactor penaltyfactors"],
  ["bounds", "lowerlimits upperlimits"],
  ["epochs", "iterations maxiter niter steps"],
  ["learningRate", "lr eta eta0 stepsize"],
  ["numBits", "bits bitwidth"],
  ["sparsity", "amount ratio fraction rate percent"],
  ["keep", "k top nfeatures"],
  ["strategy", "method criterion"],
  ["method", "scheme strategy type dtype"],
  ["bits", "numbits nbits bitwidth hash"],
  ["maxBytes", "bytes size budget limit"],
  ["bins", "nbins"],
  ["level", "conflevel confidence"],
  ["label", "target y response outcome labels"],
  ["labels", "target targets y label"],
  ["features", "x inputs data matrix"],
  ["featureNames", "columns names colnames"],
  ["weights", "sampleweight sampleweights"],
  ["numeric", "numerical numbers continuous features"],
  ["categorical", "categories category nominal factors"],
  ["sections", "parts content contents charts"],
  ["title", "name header heading"],
  ["x", "xlabel xtitle"],
  ["y", "ylabel ytitle"],
  ["log", "logy yscale"],
  ["count", "n top most limit"],
  ["rows", "n size nrows limit chunksize"],
  ["memoryLimit", "memory maxmemory ram"],
];

/** Values of options, in the same way. */
const values: readonly (readonly [own: string, theirs: string])[] = [
  ["l2", "ridge"],
  ["l1", "lasso"],
  ["elasticnet", "elastic"],
  ["none", "null no off"],
  ["softmax", "multinomial"],
  ["ovr", "onevsrest binary"],
  ["uniform", "int8 int4 linear affine minmax"],
  ["float16", "half fp16"],
  ["bfloat16", "bf16"],
  ["powerOfTwo", "pow2 log2 shift"],
  ["logLoss", "neglogloss crossentropy deviance loss"],
  ["obs", "hessian optimalbrainsurgeon"],
  ["magnitude", "weight abs smallest"],
  ["postgres", "postgresql pg"],
];

/** What other libraries call `name` is here, of the names `known`; undefined where no one does. */
export function translated(name: string, known: readonly string[]): string | undefined {
  return ownName(names, name, known);
}

/** The same for the value of an option, of its `choices`. */
export function translatedValue(value: string, choices: readonly string[]): string | undefined {
  return ownName(values, value, choices);
}

function ownName(table: typeof names, name: string, known: readonly string[]): string | undefined {
  const bare = name.toLowerCase().replaceAll(/[_.-]/g, "");
  return table.find(([own, theirs]) => known.includes(own) && theirs.split(" ").includes(bare))?.[0];
}
