import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { partingOf } from "../quantize/codes";
import { unitsOf } from "../quantize/parting";
import { QuantizedModel } from "../quantize/quantized";
import { plainSchemes } from "../quantize/schemes";
import { PackedModel } from "./packed";

/**
 * A model as JSON for people: what decides, levels, and one line a weight that is not zero with feature, name, class, code
 * and value, in the order of the features. Two models differ where these texts differ, so versions can be reviewed line by line.
 * Numbers are written so that they read back exactly; {@link fromJson} reads it.
 */
export function toJson(model: Scorer): string {
  checkModel(model);
  const { link, classes, features, nonzeros, intercepts, threshold } = model;
  const packed = model instanceof PackedModel ? model : null;
  const stored = packed?.model ?? model;
  const fields: Record<string, unknown> = {
    stage: stored.stage,
    link,
    classes,
    features,
    nonzeros,
    threshold,
    temperature: packed?.temperature ?? 1,
    intercepts: Array.from(intercepts),
    ...(stored instanceof QuantizedModel ? { ...partingOfJson(stored), schemes: schemesOf(stored) } : {}),
    ...(packed?.pooling ? { pooling: packed.pooling } : {}),
    ...(packed?.encoder === undefined ? {} : { encoder: packed.encoder.state() }),
    ...(packed?.provenance ? { provenance: packed.provenance } : {}),
  };
  const head = Object.entries(fields).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},`);
  const lines = weightLines(model, stored).map((line) => `    ${line}`);
  const weights = lines.length === 0 ? '  "weights": []' : `  "weights": [\n${lines.join(",\n")}\n  ]`;
  return `{\n${head.join("\n")}\n${weights}\n}\n`;
}

function partingOfJson({ scheme }: QuantizedModel): object {
  if (scheme.kind !== "parted") return {};
  const { parting, bits } = scheme;
  const size = parting.by === "block" ? { size: parting.size } : {};
  return { parting: { by: parting.by, bits, ...size } };
}

function schemesOf({ scheme, positions, outputs }: QuantizedModel): object[] {
  const { keys } = unitsOf(partingOf(scheme), positions, outputs);
  return plainSchemes(scheme).map((plain, unit) => ({
    ...(scheme.kind === "parted" ? { [scheme.parting.by]: keys[unit] } : {}),
    ...plain,
    ...(plain.kind === "codebook" ? { levels: Array.from(plain.levels) } : {}),
  }));
}

function weightLines(model: Scorer, stored: Scorer): string[] {
  const { weights, outputs, classes, featureNames } = model;
  const quantized = stored instanceof QuantizedModel ? stored : null;
  const parting = quantized === null ? null : partingOf(quantized.scheme);
  const groups = parting?.by === "group" ? parting.groups : null;
  const positions =
    quantized?.positions ?? Uint32Array.from(weights.keys()).filter((at) => weights[at] !== 0);
  return Array.from(positions, (at, i) => {
    const feature = Math.floor(at / outputs);
    return JSON.stringify({
      feature,
      name: featureNames.at(feature),
      class: outputs === 1 ? classes[1] : classes[at % outputs],
      ...(groups === null ? {} : { group: groups[feature] }),
      ...(quantized === null ? {} : { code: quantized.codes[i] }),
      value: weights[at],
    });
  });
}
