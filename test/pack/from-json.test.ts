import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { fromJson } from "../../src/pack/from-json";
import { toJson } from "../../src/pack/json";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { root } from "../python";
import { quantizedModels } from "./models";
import { pooledModels } from "./pooled-models";

const refused = (code: string) => (error: unknown) => error instanceof LogitpressError && error.code === code;

test("every kind of model comes back from its JSON, and gives the same file", () => {
  fc.assert(
    fc.property(quantizedModels, (model) => {
      const read = fromJson(toJson(model));
      assert.deepEqual(read.weights, model.weights);
      assert.deepEqual(read.intercepts, model.intercepts);
      assert.deepEqual(read.classes, model.classes);
      assert.equal(read.link, model.link);
      assert.equal(toJson(read), toJson(unpack(pack(model))));
    }),
    { numRuns: 100, seed: 21 },
  );
  fc.assert(
    fc.property(pooledModels, ({ model, pooling }) => {
      const file = pack(model, { pooling });
      assert.deepEqual(pack(fromJson(toJson(unpack(file)))), file);
    }),
    { numRuns: 30, seed: 22 },
  );
});

test("files with encoders, notes, names, thresholds and temperatures come back from their JSON", () => {
  const folder = join(root, "test", "golden");
  const files = readdirSync(folder).filter((name) => name.endsWith(".logit"));
  assert.ok(files.length > 15);
  for (const name of files) {
    const packed = unpack(new Uint8Array(readFileSync(join(folder, name))));
    const options = packed.link === "binary" ? { threshold: 0.3, temperature: 1.7 } : { temperature: 1.7 };
    for (const model of [packed, unpack(pack(packed, { ...options, ...extrasOf(packed) }))]) {
      const read = fromJson(toJson(model));
      assert.equal(toJson(read), toJson(model), name);
      assert.deepEqual(read.weights, model.weights, name);
      assert.deepEqual(read.encoder?.state(), model.encoder?.state(), name);
    }
  }
});

function extrasOf({ encoder, provenance }: ReturnType<typeof unpack>) {
  return { ...(encoder === undefined ? {} : { encoder }), ...(provenance === null ? {} : { provenance }) };
}

test("a text that is none of a model, or does not agree with itself, is refused by the place", () => {
  const model = fc
    .sample(quantizedModels, { numRuns: 40, seed: 23 })
    .find(({ nonzeros, scheme, link }) => nonzeros > 2 && scheme.kind === "codebook" && link === "softmax")!;
  const json = () => JSON.parse(toJson(model));
  const changed = (change: (fields: ReturnType<typeof json>) => void) => {
    const fields = json();
    change(fields);
    return JSON.stringify(fields);
  };
  const bad = (text: string, where: string) =>
    assert.throws(
      () => fromJson(text),
      (error) =>
        refused("invalid-file")(error) && (error as LogitpressError).complaint.thing.startsWith(where),
      where,
    );
  assert.deepEqual(fromJson(changed(() => {})).weights, model.weights);
  bad("{", "text of a model");
  bad("[]", "text");
  bad(undefined as never, "text");
  bad(
    changed((m) => delete m.stage),
    "stage",
  );
  bad(
    changed((m) => (m.link = "probit")),
    "link",
  );
  bad(
    changed((m) => (m.features = 0)),
    "features",
  );
  bad(
    changed((m) => (m.features = 2 ** 27)),
    "features",
  );
  bad(
    changed((m) => m.classes.pop()),
    "intercepts",
  );
  bad(
    changed((m) => (m.classes[1] = m.classes[0])),
    "classes",
  );
  bad(
    changed((m) => (m.classes[0] = null)),
    "classes[0]",
  );
  bad(
    changed((m) => (m.intercepts[0] = "1")),
    "intercepts[0]",
  );
  bad(
    changed((m) => (m.nonzeros += 1)),
    "nonzeros",
  );
  bad(
    changed((m) => (m.weights[1].value *= 2)),
    "weights[1].value",
  );
  bad(
    changed((m) => (m.weights[1].code = 0.5)),
    "weights[1].code",
  );
  bad(
    changed((m) => (m.weights[1].class = "no such class")),
    "weights[1].class",
  );
  bad(
    changed((m) => (m.weights[1].feature = m.features)),
    "weights[1].feature",
  );
  bad(
    changed((m) => m.weights.reverse()),
    "weights[1]",
  );
  bad(
    changed((m) => (m.weights[0].note = "new")),
    "weights[0].note",
  );
  bad(
    changed((m) => (m.comment = "new")),
    "comment",
  );
  bad(
    changed((m) => (m.schemes[0].kind = "cubic")),
    "schemes[0].kind",
  );
  bad(
    changed((m) => m.schemes.push(m.schemes[0])),
    "schemes",
  );
  bad(
    changed((m) => (m.encoder = { label: 3 })),
    "encoder",
  );
  assert.throws(() => fromJson(changed((m) => (m.temperature = 0))), refused("invalid-option"));
  assert.throws(() => fromJson(changed((m) => (m.weights[0].code = 65000))), refused("invalid-model"));
});

test("whatever field of a JSON changes, an error of ours or the same model comes out", () => {
  const models = fc.sample(quantizedModels, { numRuns: 2, seed: 24 });
  const values = [null, -1, Number.MAX_VALUE, 0.25, "x", [], {}, true];
  for (const model of models) {
    const whole = JSON.parse(toJson(model));
    for (const name of Object.keys(whole)) {
      for (const value of values) {
        try {
          const read = fromJson(JSON.stringify({ ...whole, [name]: value }));
          assert.deepEqual(JSON.parse(toJson(read)), { ...whole, [name]: value }, name);
        } catch (error) {
          assert.ok(error instanceof LogitpressError, `${name}: ${error}`);
        }
      }
    }
  }
});
