const core = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");

module.exports = { ...core, data: require("@tensorflow/tfjs-data") };
