import { LogitpressError } from "../base/errors";
import { bytes, chosen, counted, grouped, percent, significant } from "../chart/format";
import { pack } from "../pack/write";
import type { IntegerModel } from "../quantize/integer-model";
import type { QuantizedModel } from "../quantize/quantized";
import { codeCount, type PlainScheme, plainSchemes } from "../quantize/schemes";

/** What is shown of a quantized model's codes and of what they cost. */
export function quantizedFacts(model: QuantizedModel): [string, string][] {
  const { scheme, quantization } = model;
  const schemes = plainSchemes(scheme);
  const parts =
    scheme.kind === "parted"
      ? [`${counted(schemes.length, "scheme")}, one a ${scheme.parting.by}`]
      : [detailOf(schemes[0])];
  const kind = schemes.length === 0 ? scheme.kind : schemes[0].kind;
  const facts: [string, string][] = [["quantized", [kind, counted(scheme.bits, "bit"), ...parts].join(", ")]];
  const packed = packedBytes(model);
  if (packed !== null) facts.push(["packed bytes", bytes(packed)]);
  if (quantization === null) return facts;
  const { rounding, entropyBits, bitsPerWeight, squaredError, largestError, refitLambda, removed, loss } =
    quantization;
  if (rounding !== undefined && rounding !== "nearest") facts.push(["rounding", rounding]);
  facts.push(["entropy of the codes", `${significant(entropyBits, 3)} bits`]);
  if (bitsPerWeight !== undefined) facts.push(["bits a weight, ideally", significant(bitsPerWeight, 3)]);
  facts.push(["squared error", significant(squaredError, 3)]);
  if (largestError !== undefined) facts.push(["largest error", significant(largestError, 3)]);
  if (removed > 0) facts.push(["became zero", grouped(removed)]);
  facts.push(["refit", refitLambda === null ? "no" : `lambda ${chosen(refitLambda)}`]);
  if (loss) {
    facts.push(
      ["log-loss before, after", `${significant(loss.before)}, ${significant(loss.after)}`],
      [
        "rows changed",
        `${grouped(loss.changed)} of ${grouped(loss.rows)} (${percent(loss.changed / loss.rows)})`,
      ],
    );
  }
  return facts;
}

/** What is shown of a model in 8-bit integers. */
export function integerFacts({ calibration }: IntegerModel): [string, string][] {
  const facts: [string, string][] = [["arithmetic", "8-bit inputs and weights, 32-bit sums"]];
  if (calibration === null) return facts;
  const { rows, largestMarginError, meanMarginError, before, after, changed, clipped, exactWeights } =
    calibration;
  return [
    ...facts,
    ["weights kept exactly", exactWeights ? "yes" : "no"],
    [
      "margin error, mean, largest",
      `${significant(meanMarginError, 3)}, ${significant(largestMarginError, 3)}`,
    ],
    ["log-loss before, after", `${significant(before)}, ${significant(after)}`],
    ["rows changed", `${grouped(changed)} of ${grouped(rows)}`],
    ["inputs clipped", percent(clipped)],
  ];
}

function detailOf(scheme: PlainScheme): string {
  if (scheme.kind === "codebook") return `${codeCount(scheme)} levels`;
  if (scheme.kind === "float") return scheme.format;
  const scale = `scale ${significant(scheme.scale)}`;
  return scheme.kind === "uniform" ? `${scale}, zero point ${significant(scheme.zeroPoint)}` : scale;
}

/** The bytes of the file, or `null` where there is no format for such codes. */
function packedBytes(model: QuantizedModel): number | null {
  try {
    return pack(model).length;
  } catch (error) {
    if (error instanceof LogitpressError) return null;
    throw error;
  }
}
