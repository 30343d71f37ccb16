import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { TableEncoder } from "../../src/frame/encoder";
import { LinearModel } from "../../src/model/linear";
import { pack } from "../../src/pack/write";
import { evidence } from "../model/evidence";
import { floatModels, linearParts, quantizedModels } from "../pack/models";
import { pooledModels } from "../pack/pooled-models";

const encoder = TableEncoder.fromState({
  label: "y",
  classes: ["a", "b"],
  numeric: [{ name: "n", mean: 1, scale: 2 }],
  categorical: [{ name: "c", levels: ["p", "q"] }],
  text: [{ name: "t", bits: 2, seed: 0, ngrams: [1, 2], sublinear: true, lowercase: true }],
  missing: "error",
  unseen: "zero",
});

/** A file with every part that a file can have. */
export const withEverything: Uint8Array = pack(
  new LinearModel(
    {
      link: "binary",
      classes: ["a", "b"],
      ...linearParts(7, new Float64Array(7).fill(1), Float64Array.of(0)),
    },
    evidence,
    1,
  ),
  { encoder, featureNames: true, provenance: { seed: "1" }, threshold: 0.25, temperature: 1.5 },
);

/** Whole files of all kinds of model. */
export const files: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(quantizedModels, floatModels).map((model) => pack(model)) },
  floatModels.map((model) => pack(model, { featureNames: true })),
  pooledModels.map(({ model, pooling }) => pack(model, { pooling })),
  fc.constant(withEverything),
);

/** The released files, of every version. */
export function goldenFiles(): Uint8Array[] {
  const folder = join(__dirname, "..", "..", "..", "test", "golden");
  const names = readdirSync(folder).filter((name) => name.endsWith(".logit"));
  return names.sort().map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/** `count` whole files, the released ones among them. */
export function corpus(count: number, seed: number): Uint8Array[] {
  return [...goldenFiles(), withEverything, ...fc.sample(files, { numRuns: count, seed })];
}
