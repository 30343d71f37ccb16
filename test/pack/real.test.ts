import assert from "node:assert/strict";
import { test } from "node:test";
import { datasets } from "../../src/frame/datasets";
import { TableEncoder } from "../../src/frame/encoder";
import { ledger } from "../../src/pack/ledger";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";

test("40 weights of a model of real e-mails take less than 110 bytes, names of the classes and all", async () => {
  const mails = await datasets.spam();
  const encoder = TableEncoder.fit(mails, { label: "label", text: "text" });
  const data = encoder.transform(mails);
  const model = await new LogisticRegression({ lambda: 1e-5, tolerance: 1e-3 }).fit(data);
  const pruned = await prune(model, { strategy: "magnitude", keep: 40, data, refit: true });
  const quantized = await quantize(pruned, { bits: 2, rounding: "nearest", data });
  const bytes = pack(quantized);
  assert.equal(quantized.nonzeros, 40);
  assert.equal(quantized.features, 2 ** 18);
  assert.ok(bytes.length < 110, `${bytes.length} bytes`);
  const file = unpack(bytes);
  assert.deepEqual(file.classes, ["ham", "spam"]);
  assert.deepEqual(file.margins(data.features).values, quantized.margins(data.features).values);
  const { bound, sections } = ledger(bytes);
  const positions = sections.find(({ name }) => name === "positions")!;
  assert.ok(positions.bits / 8 < 1.02 * bound.positions, `${positions.bits / 8} against ${bound.positions}`);
});
