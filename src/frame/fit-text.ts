import type { SparseMatrix } from "../matrix/sparse";
import type { NgramName } from "./encoder-names";
import type { CompleteText } from "./encoder-spec";
import { type TextState, textWidth } from "./encoder-state";
import { fitVocabulary } from "./fit-vocabulary";
import { Ngrams } from "./ngrams";
import type { Pacer } from "./pacer";
import { RowBuilder } from "./row-builder";
import { stopWordsOf } from "./stop-words";
import { TextHasher } from "./text";
import { Vocabulary } from "./vocabulary";
import { Words } from "./words";

/** What a fit learns of a column of text. */
interface FittedText {
  readonly state: TextState;
  /** `null` where rare n-grams are not to count for more. */
  readonly inverseFrequencies: Float32Array | null;
  /** What hashed columns are called by; `null` where there is a vocabulary. */
  readonly ngram: NgramName | null;
  /** The features of the texts themselves, where they were asked for and the text is hashed, else `null`. */
  readonly features: SparseMatrix | null;
}

/**
 * Reads the texts of a column.
 * @param encode whether the texts' own features are wanted: hashed ones cost no second reading
 * @throws `empty-data` for an empty vocabulary; `cancelled`
 */
export function fitText(
  column: CompleteText,
  texts: readonly string[],
  pacer: Pacer,
  encode: boolean,
): FittedText {
  const { state, tfidf } = column;
  if (column.vocabulary !== null) {
    const { terms, inverseFrequencies } = fitVocabulary(texts, state, column.vocabulary, pacer);
    return {
      state: { ...state, vocabulary: terms },
      inverseFrequencies: tfidf ? inverseFrequencies : null,
      ngram: null,
      features: null,
    };
  }
  const width = textWidth(state);
  const words = new Words(stopWordsOf(state));
  const ngrams = new Ngrams(state);
  const hasher = new TextHasher(state);
  const vocabulary = new Vocabulary(width);
  const builder = new RowBuilder();
  texts.forEach((text, i) => {
    pacer.at(i);
    const first = words.count;
    words.add(text, state.lowercase);
    ngrams.read(words, first);
    hasher.take(ngrams, words.bytes);
    vocabulary.add(ngrams, hasher.columns, hasher.size);
    if (!encode) return;
    builder.addAll(hasher.columns, hasher.values, hasher.size);
    builder.endRow();
  });
  pacer.at(texts.length);
  return {
    state,
    inverseFrequencies: tfidf ? vocabulary.inverseFrequencies() : null,
    ngram: vocabulary.names(words.bytes),
    features: encode ? builder.build(width) : null,
  };
}
