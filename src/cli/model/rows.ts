import { fail } from "../../base/errors";
import { checkCancelled } from "../../base/progress";
import { checkColumn } from "../../frame/names";
import { scanTable } from "../../frame/scan";
import { scanSvmlight } from "../../frame/svmlight";
import { Dataset } from "../../matrix/dataset";
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

/**
 * Rows with labels of a file for a model, some thousand at a time.
 * @param label the column of labels; default that of the encoder
 * @throws `missing-column`, `invalid-label`; as {@link featuresOf}
 */
export async function* labelledRows(
  path: string,
  model: PackedModel,
  label: string | undefined,
  signal: AbortSignal,
  counted: (rows: number) => void,
): AsyncGenerator<Dataset, void, undefined> {
  let rows = 0;
  const read = (data: Dataset): Dataset => {
    rows += data.rows;
    counted(rows);
    return data;
  };
  if (isSvmlight(path)) {
    for await (const { features, labels } of scanSvmlight(path, { columns: model.features })) {
      checkCancelled(signal, "reading");
      yield read(Dataset.from({ features, labels }));
    }
    return;
  }
  const encoder = encoderOf(model);
  for await (const batch of scanTable(path)) {
    checkCancelled(signal, "reading");
    const other = label !== undefined && label !== encoder.label;
    if (other) checkColumn(label, Object.keys(batch));
    yield read(encoder.transform(other ? { ...batch, [encoder.label]: batch[label] } : batch));
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
