import { fail } from "../base/errors";
import { blockColumns } from "../frame/blocks/state";
import type { EncoderState } from "../frame/encoder-state";

/**
 * Refuses what an export can't hold, by name: dates and hashed levels no export holds, and those that have only a hash of words
 * nothing else of texts.
 * @throws `unsupported-model`
 */
export function checkKinds(
  { numeric, text, blocks = [], unseen }: EncoderState,
  texts: "hashed words" | "any",
): void {
  const bins = blocks.filter(({ kind }) => kind === "bins").flatMap(blockColumns);
  const unlike = new Set([...[...numeric, ...text].map(({ name }) => name), ...bins]);
  const kinds = [
    ...(texts === "any" ? [] : text.flatMap(textKinds)),
    ...blocks.flatMap((block) => {
      const names = blockColumns(block).join(" & ");
      if (block.kind === "dates") return [`cycles of dates of ${names}`];
      if (block.kind === "hashed") return [`hashed levels of ${names}`];
      const other = block.kind === "cross" ? block.names.find((name) => unlike.has(name)) : undefined;
      if (other !== undefined) return [`${other} in the cross of ${names}, which is a number or a text, too`];
      const strict = block.kind === "cross" && unseen === "error" && !block.other;
      return strict ? [`the cross of ${names}, which refuses unseen levels`] : [];
    }),
  ];
  if (kinds.length === 0) return;
  fail("unsupported-model", {
    thing: "encoder to export",
    value: kinds[0],
    expected: `numbers, bins, levels, crosses and ${texts === "any" ? "texts" : "hashed n-grams of words"}`,
    remedy: "Encode that column in another way, or keep the model in a .logit file, which holds all of them.",
  });
}

function textKinds({ name, unit, stopWords, vocabulary }: EncoderState["text"][number]): string[] {
  return [
    ...(unit === undefined ? [] : [`n-grams of characters of ${name}`]),
    ...(stopWords === undefined ? [] : [`stop words of ${name}`]),
    ...(vocabulary === undefined ? [] : [`the vocabulary of ${name}`]),
  ];
}
