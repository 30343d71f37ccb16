import { fail } from "../../base/errors";
import { checkCancelled } from "../../base/progress";
import { scanTable } from "../../frame/scan";
import { scanSvmlight } from "../../frame/svmlight";
import type { Matrix } from "../../matrix/sparse";
import type { PackedModel } from "../../pack/packed";
import { isSvmlight } from "./table";

/**
 * The features of a file's rows for a model, some thousand rows at a time.
 * @throws `unsupported-model` for a table where the model has no encoder; as the readers and the encoder; `cancelled`
 */
export async function* featuresOf(
  path: string,
  model: PackedModel,
  signal: AbortSignal,
): AsyncGenerator<Matrix, void, undefined> {
  if (isSvmlight(path)) {
    for await (const { features } of scanSvmlight(path, { columns: model.features })) {
      checkCancelled(signal, "reading");
      yield features;
    }
    return;
  }
  const encoder = encoderOf(model);
  for await (const batch of scanTable(path)) {
    checkCancelled(signal, "reading");
    yield encoder.features(batch);
  }
}

/** The encoder of a model that is to be applied to a table. @throws `unsupported-model` where the file has none */
export function encoderOf({ encoder }: PackedModel): NonNullable<PackedModel["encoder"]> {
  return (
    encoder ??
    fail("unsupported-model", {
      thing: "model without an encoder",
      expected: "one that was saved with its encoder, or data as .svm",
      remedy: "Save it with { encoder }, as logitpress fit does for tables.",
    })
  );
}
