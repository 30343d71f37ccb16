import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { toC } from "../../src/export/c/to-c";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import { toSklearn } from "../../src/export/sklearn/to-sklearn";
import { toSql } from "../../src/export/sql/to-sql";
import { Dataset } from "../../src/matrix/dataset";
import { quantizeInputs } from "../../src/quantize/quantize-inputs";
import type { QuantizedModel } from "../../src/quantize/quantized";
import { type Case, cancerCases, digitsCases, mailCases } from "./cases";
import { floatC, integerC } from "./in-c";
import { javaScript } from "./in-javascript";
import { floatOnnx, int8Onnx } from "./in-onnx";
import { inSklearn } from "./in-sklearn";
import { sqlInDuckDb } from "./in-sql";
import { flightCases, termCases } from "./kinds-cases";

const folder = mkdtempSync(join(tmpdir(), "logitpress-export-"));
after(() => rmSync(folder, { recursive: true }));

for (const [name, make] of Object.entries({
  cancerCases,
  digitsCases,
  mailCases,
  flightCases,
  termCases,
})) {
  describe(`${name.replace("Cases", "")}: exports say what the model says`, () => {
    let cases: Case[];
    before(async () => {
      cases = await make();
    });
    const each = (title: string, run: (c: Case, folder: string) => void): void => {
      test(title, () => {
        for (const c of cases) run(c, folder);
      });
    };
    each("C in floating point", floatC);
    each("JavaScript", javaScript);
    each("SQL in DuckDB on Parquet", sqlInDuckDb);
    each("ONNX in onnxruntime", floatOnnx);
    each("ONNX of 8 bits, within its bound", int8Onnx);
    each("scikit-learn", inSklearn);
    each("C in fixed point, within its bound", integerC);
  });
}

test("a model in integers becomes C in integers, and nothing else", async () => {
  const cases = await digitsCases();
  const { model, features } = cases.find(({ name }) => name === "digits sparse")!;
  const data = Dataset.from({ features, labels: model.predict(features), classes: model.classes });
  for (const granularity of ["model", "feature"] as const) {
    const whole = quantizeInputs(model as QuantizedModel, { data, granularity });
    integerC({ name: `digits in integers, scales by ${granularity}`, model: whole, features }, folder);
    for (const to of [toJavaScript, toOnnx, toSql, toSklearn]) {
      assert.throws(() => to(whole), { code: "unsupported-model", message: /"integer".*integer arithmetic/ });
    }
    assert.throws(() => toC(whole, { arithmetic: "float" }), { code: "unsupported-model" });
  }
});
