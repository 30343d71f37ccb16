import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { TableEncoder } from "../../src/frame/encoder";
import type { EncoderSpec } from "../../src/frame/encoder-spec";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { withoutUnusedFeatures } from "../../src/quantize/compact";
import type { QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { fitted, problem } from "../prune/problems";

const random = new Random(1);
const column = <T>(of: (i: number) => T): T[] => Array.from({ length: 80 }, (_, i) => of(i));
const rows: Readonly<Record<string, readonly (string | number)[]>> = {
  age: column(() => random.normal()),
  noise: column(() => random.normal()),
  city: column(() => ["Bonn", "Köln", "Ulm", "Jena"][random.integer(4)]),
  hobby: column(() => ["chess", "judo"][random.integer(2)]),
  text: column(() => ["free money now", "see you at lunch", "lunch money"][random.integer(3)]),
  bought: column((i) => (i % 3 === 0 ? "yes" : "no")),
};

for (const unseen of ["zero", "error"] as const) {
  test(`features without a weight leave model, names and encoder, levels that are not met: ${unseen}`, async () => {
    const spec: EncoderSpec = {
      label: "bought",
      numeric: ["age", "noise"],
      categorical: ["city", "hobby"],
      text: [{ column: "text", bits: 6 }],
      unseen,
    };
    const encoder = TableEncoder.fit(rows, spec);
    const data = encoder.transform(rows);
    const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
    const named = (names: string[]) =>
      Array.from({ length: data.columns }, (_, j) => data.featureNames.at(j)).filter((n) =>
        names.includes(n),
      );
    const pruned = await prune(model, { keep: 3, protect: named(["age", "city=Köln", "city=Ulm"]) });
    const compact = withoutUnusedFeatures(pruned, encoder);
    const names = Array.from({ length: compact.model.features }, (_, j) => compact.model.featureNames.at(j));
    const cities = ["city=Bonn", "city=Jena", "city=Köln", "city=Ulm"];
    assert.deepEqual(names, ["age", ...(unseen === "zero" ? cities.slice(2) : cities)]);
    const fewer = { age: rows.age, city: rows.city, bought: rows.bought };
    const again = compact.encoder!.transform(fewer);
    const before = pruned.margins(data.features).values;
    assert.deepEqual([...compact.model.margins(again.features).values], [...before]);
    assert.deepEqual([...compact.model.margins(data.select(compact.columns).features).values], [...before]);
    assert.ok(pack(compact.model, { encoder: compact.encoder! }).length < pack(pruned, { encoder }).length);
    assert.equal(compact.model.nonzeros, 3);
    for (const granularity of ["model", "class", "group"] as const) {
      const groups =
        granularity === "group"
          ? { groups: [Array.from({ length: data.columns >> 1 }, (_, j) => 2 * j + 1)] }
          : {};
      const coded = await quantize(pruned, { bits: 2, granularity, ...groups } as QuantizeOptions);
      const coder = withoutUnusedFeatures(coded, encoder);
      const expected = coded.margins(data.features).values;
      assert.deepEqual(
        [...coder.model.margins(coder.encoder!.transform(fewer).features).values],
        [...expected],
      );
      const file = unpack(pack(coder.model, { encoder: coder.encoder! }));
      assert.deepEqual([...file.margins(file.encoder!.features(fewer)).values], [...expected]);
    }
    const blocks = await quantize(pruned, { bits: 2, granularity: "block" });
    assert.throws(() => withoutUnusedFeatures(blocks, encoder), { code: "unsupported-model" });
    const stored = TableEncoder.fromState(compact.encoder!.state());
    assert.deepEqual([...compact.model.margins(stored.features(fewer)).values], [...before]);
  });
}

test("a text that is used stays whole, with its scale and the names of its n-grams", async () => {
  const spec = { label: "bought", numeric: ["noise"], text: [{ column: "text", bits: 6 }] };
  const encoder = TableEncoder.fit(rows, spec);
  const { encoder: kept, columns } = encoder.keeping([7]);
  assert.equal(kept.columns, 64);
  assert.deepEqual(
    [...columns],
    Array.from({ length: 64 }, (_, j) => j + 1),
  );
  assert.equal(kept.featureNames.at(6), encoder.featureNames.at(7));
  assert.equal(kept.scale?.[6], encoder.scale?.[7]);
  assert.throws(() => encoder.keeping([]), { code: "empty-data" });
  assert.throws(() => encoder.keeping([65]), { code: "invalid-option" });
});

test("without an encoder only features with weights stay, and data are selected in the same way", async () => {
  const data = problem("dense", 100, 8, 3, 2);
  const model = await fitted(data);
  const pruned = await prune(model, { keep: 4, data, refit: true });
  const { model: small, columns, encoder } = withoutUnusedFeatures(pruned);
  assert.equal(encoder, null);
  assert.ok(small.features < 8 && small.nonzeros === 4);
  const [a, b] = [pruned.margins(data.features), small.margins(data.select(columns).features)];
  assert.deepEqual([...a.values], [...b.values]);
  const again = await prune(small, { keep: 3, data: data.select(columns), refit: true });
  assert.equal(again.nonzeros, 3);
  assert.equal(small.removedFeatures().length, 0);
  assert.throws(() => data.select([]), { code: "empty-data" });
  assert.throws(() => data.select([2, 1]), { code: "invalid-option" });
  assert.throws(() => data.select([8]), { code: "invalid-option" });
  const other = TableEncoder.fit(rows, { label: "bought", numeric: ["age"] });
  assert.throws(() => withoutUnusedFeatures(pruned, other), { code: "length-mismatch" });
});
