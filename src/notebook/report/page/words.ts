import { type EncoderState, levelWidth, type TextState, textWidth } from "../../../frame/encoder-state";
import { murmur3 } from "../../../frame/murmur";
import { stopWordsOf } from "../../../frame/stop-words";
import { Words } from "../../../frame/words";

const utf8 = new TextEncoder();
const letters = new TextDecoder();

/**
 * The n-grams of a reader's own text by the feature that each is hashed to: only the text can tell which words stand
 * behind a hash. Texts by a vocabulary are left out, since their features have names.
 * @param textOf the text of a column
 */
export function wordsBehind(state: EncoderState, textOf: (column: string) => string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let from = state.numeric.length + state.categorical.reduce((sum, column) => sum + levelWidth(column), 0);
  for (const column of state.text) {
    if (column.vocabulary === undefined) {
      for (const ngram of new Set(ngramsOf(textOf(column.name), column))) {
        const bytes = utf8.encode(ngram);
        const at = from + (murmur3(bytes, 0, bytes.length, column.seed) & (2 ** column.bits - 1));
        found.set(at, [...(found.get(at) ?? []), ngram]);
      }
    }
    from += textWidth(column);
  }
  return found;
}

function ngramsOf(text: string, state: TextState): string[] {
  const {
    lowercase,
    unit,
    ngrams: [shortest, longest],
  } = state;
  const words = new Words(stopWordsOf(state));
  words.add(text, lowercase);
  const { bytes, starts, ends, count } = words;
  const each = Array.from({ length: count }, (_, i) => letters.decode(bytes.subarray(starts[i], ends[i])));
  const units = unit === undefined ? each : [...each.join(" ")];
  const between = unit === undefined ? " " : "";
  return units.flatMap((_, i) => {
    const longestHere = Math.min(longest, units.length - i);
    return Array.from({ length: Math.max(longestHere - shortest + 1, 0) }, (_, n) =>
      units.slice(i, i + shortest + n).join(between),
    );
  });
}
