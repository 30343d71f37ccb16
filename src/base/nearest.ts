/** The word that fewest changed letters turn `word` into, or that it begins; undefined where none is like it. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((each) => ({ each, distance: distance(word.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [first] = ranked;
  if (first === undefined || first.distance > Math.max(2, word.length / 2)) return begun(word, words);
  // Words of which every letter differs are not alike, however short.
  return first.distance < Math.max(word.length, first.each.length) ? first.each : undefined;
}

/** The word whose beginning `word` is, whatever its case, as maxIter and max_iter are of maxIterations. */
function begun(word: string, words: readonly string[]): string | undefined {
  const start = word.toLowerCase().replaceAll("_", "");
  return start.length < 4 ? undefined : words.find((each) => each.toLowerCase().startsWith(start));
}

// Levenshtein's distance, one row of the table at a time.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
