import fc from "fast-check";
import { Random } from "../../src/base/random";
import type { Label } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel, type LinearParts } from "../../src/model/linear";
import type { Link } from "../../src/model/scorer";
import { PrunedModel } from "../../src/prune/pruned";
import { type Parting, unitsOf } from "../../src/quantize/parting";
import { QuantizedModel } from "../../src/quantize/quantized";
import { codeCount, levelOf, type PlainScheme, plainSchemes, type Scheme } from "../../src/quantize/schemes";
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

type Kind = "uniform" | "codebook" | "powerOfTwo" | "float16" | "bfloat16";

const nonzero = float.filter((x) => x !== 0);

function plainScheme(kind: Kind, bits: number): fc.Arbitrary<PlainScheme> {
  if (kind === "float16" || kind === "bfloat16") {
    return fc.constant({ kind: "float", bits: 16, format: kind });
  }
  if (kind === "powerOfTwo") return nonzero.map((scale) => ({ kind, bits, scale }));
  if (kind === "uniform") {
    const middle = (2 ** bits - 1) / 2;
    const zeroPoint = fc.integer({ min: -70000, max: 70000 }).map((twice) => twice / 2);
    return fc
      .tuple(nonzero, fc.oneof(fc.constant(middle), zeroPoint))
      .map(([scale, point]) => ({ kind, bits, scale, zeroPoint: point }));
  }
  return fc
    .tuple(fc.uniqueArray(nonzero, { minLength: 1, maxLength: Math.min(2 ** bits, 300) }), fc.nat(9))
    .map(([levels, turned]) => {
      const ascending = Float64Array.from(levels).sort();
      return { kind, bits, levels: turned === 0 ? ascending.reverse() : ascending };
    });
}

const parting = (features: number): fc.Arbitrary<Parting | null> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    fc.constant({ by: "class" as const }),
    fc.integer({ min: 1, max: 400 }).map((size) => ({ by: "block" as const, size })),
    fc
      .array(fc.oneof(fc.nat(3), fc.nat(2 ** 32 - 1)), { minLength: features, maxLength: features })
      .map((groups) => ({ by: "group" as const, groups: Uint32Array.from(groups) })),
  );

/** Codes that decode to numbers that are not zero, as the contract of quantized models has it. */
function codesFor(positions: Uint32Array, scheme: Scheme, outputs: number, seed: number): Uint16Array {
  const schemes = plainSchemes(scheme);
  const { units } = unitsOf(scheme.kind === "parted" ? scheme.parting : null, positions, outputs);
  return Uint16Array.from(positions, (at, i) => {
    const own = schemes[units[i]];
    const count = codeCount(own);
    let code = (Math.imul(at + 1, seed | 1) >>> 8) % count;
    while (levelOf(own, code) === 0 || !Number.isFinite(levelOf(own, code))) code = (code + 1) % count;
    return code;
  });
}

/** Quantized models of all links, schemes, bits and supports, the empty and the full one among them. */
export const quantizedModels: fc.Arbitrary<QuantizedModel> = fc
  .tuple(
    shape,
    fc.constantFrom<Kind>("uniform", "codebook", "codebook", "powerOfTwo", "float16", "bfloat16"),
    fc.integer({ min: 1, max: 16 }),
    fc.integer(),
  )
  .chain(([s, kind, width, seed]) => {
    const bits = kind === "powerOfTwo" ? Math.min(width, 4) : width;
    const outputs = s.link === "binary" ? 1 : s.classes.length;
    return fc
      .tuple(
        support(s.features * outputs),
        fc.array(float, { minLength: outputs, maxLength: outputs }),
        parting(s.features),
        fc.array(plainScheme(kind, bits), { minLength: 1, maxLength: 3 }),
      )
      .map(([positions, intercepts, parts, schemes]) => {
        const { keys } = unitsOf(parts, positions, outputs);
        const own = Array.from(keys, (_, unit) => schemes[unit % schemes.length]);
        const scheme: Scheme =
          parts === null
            ? schemes[0]
            : { kind: "parted", bits: schemes[0].bits, parting: parts, schemes: own };
        return new QuantizedModel({
          ...s,
          featureNames: numberedNames(s.features),
          positions,
          codes: codesFor(positions, scheme, outputs, seed),
          scheme,
          intercepts: Float64Array.from(intercepts),
        });
      });
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

/** A model of 131,072 weights in 32-bit floats, whose intercept is its seed. */
export function largeModel(seed: number): LinearModel {
  const random = new Random(seed);
  const features = 2 ** 17;
  const parts = {
    classes: [0, 1],
    link: "binary",
    featureNames: numberedNames(features),
    weights: Float64Array.from({ length: features }, () => Math.fround(random.normal())),
    intercepts: Float64Array.of(seed),
    scale: null,
  } as const;
  return new LinearModel(parts, evidence, 1);
}
