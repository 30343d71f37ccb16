import { fail } from "../../base/errors";
import { toC } from "../../export/c/to-c";
import { type Exported, saveExport } from "../../export/exported";
import { toJavaScript } from "../../export/javascript/to-javascript";
import { toOnnx } from "../../export/onnx/to-onnx";
import { toSklearn } from "../../export/sklearn/to-sklearn";
import { toSql } from "../../export/sql/to-sql";
import { load } from "../../pack/file";
import type { PackedModel } from "../../pack/packed";
import { type Command, commandOf, numberOf, outputOf, required } from "./command";

const usage = `Usage: logitpress export MODEL.logit --to c|js|onnx|sql|sklearn -o FILE [options]

Writes a model for another place: the encoder of the file is folded in, and a self-test with its vectors is inside.

  --to c         one C99 header
  --to js        an ES module, a CommonJS module and types
  --to onnx      standard operators of ONNX
  --to sql       queries for DuckDB, PostgreSQL or Spark
  --to sklearn   a file and the Python that makes a scikit-learn estimator of it

  --name NAME          of identifiers and comments; default model
  --threshold X        above which the second of two classes is the label; default: as in the file
  --arithmetic float|integer      for c; default float
  --ascii              for c: words of ASCII letters alone, without the tables of Unicode
  --weights float|int8            for onnx; default float
  --input-range X      the largest size of a feature, for integer arithmetic
  --dialect duckdb|postgres|spark for sql; default duckdb
  --table NAME         for sql: the table that is read
  -o, --output FILE    the main file; others are written beside it
  --json               print one JSON object

Example: logitpress export small.logit --to c --arithmetic integer -o model.h`;

/** `logitpress export`. */
export const exportCommand: Command = commandOf(
  {
    usage,
    arguments: ["MODEL.logit"],
    options: {
      to: { type: "string" },
      name: { type: "string" },
      threshold: { type: "string" },
      arithmetic: { type: "string" },
      ascii: { type: "boolean" },
      weights: { type: "string" },
      "input-range": { type: "string" },
      dialect: { type: "string" },
      table: { type: "string" },
      output: { type: "string", short: "o" },
    },
  },
  async ([path], values, _signal) => {
    const to = required(values.to, "to", Object.keys(formats).join(", "));
    const output = outputOf(values.output, "the path of the file", [path]);
    if (!Object.hasOwn(formats, to)) {
      fail("invalid-option", {
        thing: "--to",
        value: to,
        expected: `one of ${Object.keys(formats).join(", ")}`,
      });
    }
    const options = {
      name: values.name,
      threshold: numberOf(values.threshold, "threshold"),
      arithmetic: values.arithmetic,
      text: values.ascii ? "ascii" : undefined,
      weights: values.weights,
      inputRange: numberOf(values["input-range"], "input-range"),
      dialect: values.dialect,
      table: values.table,
    };
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const exported = formats[to](await load(path), given);
    const files = await saveExport(exported, output);
    const { format, facts } = exported;
    if (values.json) console.log(JSON.stringify({ format, files, facts }));
    else {
      for (const file of files) console.log(file);
      for (const [name, fact] of Object.entries(facts)) console.log(`${name}: ${fact}`);
    }
  },
);

const formats: Readonly<Record<string, (model: PackedModel, options: object) => Exported>> = {
  c: toC,
  js: toJavaScript,
  onnx: toOnnx,
  sql: toSql,
  sklearn: toSklearn,
};
