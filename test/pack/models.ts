import fc from "fast-check";
import type { Label } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel, type LinearParts } from "../../src/model/linear";
import type { Link } from "../../src/model/scorer";
import { PrunedModel } from "../../src/prune/pruned";
import { QuantizedModel, type Scheme } from "../../src/quantize/quantized";
import { evidence } from "../model/evidence";

const finite = { noNaN: true, noDefaultInfinity: true } as const;
const float = fc.double({ ...finite, min: -1e6, max: 1e6 }).filter((x) => !Object.is(x, -0));
const single = fc.float({ ...finite }).filter((x) => x !== 0);

interface Shape {
  readonly link: Link;
  readonly classes: readonly Label[];
  readonly features: number;
}

const label = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.boolean(),
  fc.integer(),
  fc.double(finite).filter((x) => !Object.is(x, -0)),
);

const shape: fc.Arbitrary<Shape> = fc
  .record({ several: fc.boolean(), softmax: fc.boolean(), features: fc.integer({ min: 1, max: 300 }) })
  .chain(({ several, softmax, features }) => {
    const count = several ? fc.integer({ min: 2, max: 10 }) : fc.constant(2);
    return count.chain((k) => {
      const named = fc.uniqueArray(label, { minLength: k, maxLength: k });
      const numbers = fc.constant(Array.from({ length: k }, (_, i) => i));
      const link: Link = several ? (softmax ? "softmax" : "ovr") : "binary";
      return fc.oneof(named, numbers).map((classes) => ({ link, classes, features }));
    });
  });

function support(total: number): fc.Arbitrary<Uint32Array> {
  return fc
    .double({ ...finite, min: 0, max: 1 })
    .chain((share) =>
      fc
        .array(fc.double({ ...finite, min: 0, max: 1 }), { minLength: total, maxLength: total })
        .map((draws) => Uint32Array.from(draws.keys()).filter((at) => draws[at] < share || share === 1)),
    );
}

const scheme: fc.Arbitrary<Scheme> = fc.integer({ min: 1, max: 16 }).chain((bits) => {
  const scale = float.filter((x) => x !== 0);
  const zeroPoint = fc.integer({ min: -70000, max: 70000 }).map((twice) => twice / 2);
  const levels = fc
    .uniqueArray(
      float.filter((x) => x !== 0),
      { minLength: 1, maxLength: Math.min(2 ** bits, 300) },
    )
    .map((l) => Float64Array.from(l).sort());
  return fc.oneof(
    fc.tuple(scale, zeroPoint).map(([s, z]) => ({ kind: "uniform" as const, bits, scale: s, zeroPoint: z })),
    levels.map((l) => ({ kind: "codebook" as const, bits, levels: l })),
  );
});

/** Quantized models of all links, bits and supports, the empty and the full one among them. */
export const quantizedModels: fc.Arbitrary<QuantizedModel> = fc
  .tuple(shape, scheme, fc.integer())
  .chain(([s, coding, seed]) => {
    const outputs = s.link === "binary" ? 1 : s.classes.length;
    const count = coding.kind === "codebook" ? coding.levels.length : 2 ** coding.bits;
    return fc
      .tuple(support(s.features * outputs), fc.array(float, { minLength: outputs, maxLength: outputs }))
      .map(
        ([positions, intercepts]) =>
          new QuantizedModel({
            ...s,
            featureNames: numberedNames(s.features),
            positions,
            codes: Uint16Array.from(positions, (at) => (Math.imul(at + 1, seed | 1) >>> 8) % count),
            scheme: coding,
            intercepts: Float64Array.from(intercepts),
          }),
      );
  });

/** Trained and pruned models whose weights are 32-bit floats. */
export const floatModels: fc.Arbitrary<LinearModel | PrunedModel> = fc
  .tuple(shape, fc.boolean())
  .chain(([s, pruned]) => {
    const outputs = s.link === "binary" ? 1 : s.classes.length;
    const total = s.features * outputs;
    return fc
      .tuple(
        support(total),
        fc.array(single, { minLength: total, maxLength: total }),
        fc.array(single, { minLength: outputs, maxLength: outputs }),
      )
      .map(([positions, values, intercepts]) => {
        const weights = new Float64Array(total);
        for (const at of positions) weights[at] = values[at];
        const parts = { ...s, ...linearParts(s.features, weights, Float64Array.from(intercepts)) };
        const mask = Uint8Array.from(weights, (w) => Number(w !== 0));
        return pruned
          ? new PrunedModel(parts, mask, weights.map(Math.abs), report)
          : new LinearModel(parts, evidence, 0.1);
      });
  });

/** What a linear model has beside link and classes. */
export function linearParts(
  features: number,
  weights: Float64Array,
  intercepts: Float64Array,
): Pick<LinearParts, "featureNames" | "weights" | "intercepts" | "scale"> {
  return { featureNames: numberedNames(features), weights, intercepts, scale: null };
}

const report = {
  strategy: "magnitude",
  kept: 0,
  removed: 0,
  sparsity: 0,
  threshold: 0,
  refitLambda: null,
};
