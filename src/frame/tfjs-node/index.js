const core = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");

// tfjs-core registers its chained operations from an ES module that Node can't load; danfo calls most of these.
const chained = [
  "abs",
  "add",
  "argMax",
  "argMin",
  "cast",
  "div",
  "divNoNan",
  "equal",
  "exp",
  "greater",
  "greaterEqual",
  "less",
  "lessEqual",
  "log",
  "matMul",
  "max",
  "maximum",
  "mean",
  "min",
  "minimum",
  "mod",
  "mul",
  "neg",
  "notEqual",
  "pow",
  "reshape",
  "round",
  "slice",
  "sqrt",
  "square",
  "squeeze",
  "sub",
  "sum",
  "transpose",
];

for (const name of chained) {
  core.Tensor.prototype[name] = function (...rest) {
    return core[name](this, ...rest);
  };
}

// The backend greets at its first tensor, unless it believes itself outside Node.
core.env().set("IS_NODE", false);
core.scalar(0).dispose();
core.env().set("IS_NODE", true);

module.exports = {
  ...core,
  get data() {
    return require("@tensorflow/tfjs-data");
  },
};
