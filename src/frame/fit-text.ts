import type { NgramName } from "./encoder-names";
import type { CompleteText } from "./encoder-spec";
import type { TextState } from "./encoder-state";
import { fitVocabulary } from "./fit-vocabulary";
import type { Pacer } from "./pacer";
import { Vocabulary } from "./vocabulary";

/** What a fit learns of a column of text. */
export interface FittedText {
  readonly state: TextState;
  /** `null` where rare n-grams are not to count for more. */
  readonly inverseFrequencies: Float32Array | null;
  /** What hashed columns are called by; `null` where there is a vocabulary. */
  readonly ngram: NgramName | null;
}

/** Reads the texts of a column. @throws `empty-data` for an empty vocabulary; `cancelled` */
export function fitText(column: CompleteText, texts: readonly string[], pacer: Pacer): FittedText {
  const { state, tfidf } = column;
  if (column.vocabulary !== null) {
    const { terms, inverseFrequencies } = fitVocabulary(texts, state, column.vocabulary, pacer);
    return {
      state: { ...state, vocabulary: terms },
      inverseFrequencies: tfidf ? inverseFrequencies : null,
      ngram: null,
    };
  }
  const vocabulary = new Vocabulary(state);
  texts.forEach((text, i) => {
    pacer.at(i);
    vocabulary.add(text);
  });
  pacer.at(texts.length);
  return {
    state,
    inverseFrequencies: tfidf ? vocabulary.inverseFrequencies() : null,
    ngram: vocabulary.names(),
  };
}
