/**
 * What a program without Unicode needs to bring text into the form that is hashed: NFKC, lower case, and what a word
 * is made of, as JavaScript itself has them here, so that both agree to the version of Unicode.
 */
export interface UnicodeTables {
  /** Code points from U+0080 on that decompose (NFKD), Hangul syllables left out, ascending; and into what. */
  readonly decompositions: ReadonlyMap<number, readonly number[]>;
  /** Pairs that compose, as `[first, second, composite]`, sorted; Hangul left out. */
  readonly compositions: readonly (readonly [number, number, number])[];
  /** Ranges of combining marks with the rank of their class, `[first, last, rank]`, ascending; all others have rank 0. */
  readonly marks: readonly (readonly [number, number, number])[];
  /** Ranges of letters, marks, numbers and the underscore from U+0080 on, `[first, last]`. */
  readonly words: readonly (readonly [number, number])[];
  /** Ranges `[first, last, step, difference]` of code points that have a lower case of one code point. */
  readonly lower: readonly (readonly [number, number, number, number])[];
  /** Ranges of what has case, and of what is skipped around a final sigma, from U+0080 on. */
  readonly cased: readonly (readonly [number, number])[];
  readonly ignorable: readonly (readonly [number, number])[];
}

let tables: UnicodeTables | undefined;

/** The tables of this runtime's Unicode; made once, in about half a second. */
export function unicodeTables(): UnicodeTables {
  tables ??= make();
  return tables;
}

function make(): UnicodeTables {
  const decompositions = new Map<number, readonly number[]>();
  const compositions: [number, number, number][] = [];
  const words: [number, number][] = [];
  const cased: [number, number][] = [];
  const ignorable: [number, number][] = [];
  const lower: [number, number][] = [];
  const marks: number[] = [];
  for (let point = 0x80; point < 0x110000; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    // No character is assigned from here to the tags.
    if (point === 0x40000) point = 0xe0000;
    if (point === 0xe1000) break;
    const text = String.fromCodePoint(point);
    if (/[\p{L}\p{M}\p{N}_]/u.test(text)) extend(words, point);
    if (/\p{Cased}/u.test(text)) extend(cased, point);
    if (/\p{Case_Ignorable}/u.test(text)) extend(ignorable, point);
    if (/\p{M}/u.test(text)) marks.push(point);
    const small = text.toLowerCase();
    if (small !== text && small.length === String.fromCodePoint(small.codePointAt(0)!).length) {
      lower.push([point, small.codePointAt(0)!]);
    }
    if (isHangul(point)) continue;
    const parted = text.normalize("NFKD");
    if (parted !== text) decompositions.set(point, pointsOf(parted));
    const pair = pairOf(text);
    if (pair !== undefined) compositions.push([...pair, point]);
  }
  compositions.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    decompositions,
    compositions,
    marks: ranked(marks),
    words,
    lower: stepped(lower),
    cased,
    ignorable,
  };
}

/** The code points of a text. */
function pointsOf(text: string): number[] {
  return Array.from(text, (c) => c.codePointAt(0)!);
}

function isHangul(point: number): boolean {
  return point >= 0xac00 && point < 0xac00 + 11172;
}

function pairOf(text: string): [number, number] | undefined {
  const parted = pointsOf(text.normalize("NFD"));
  if (parted.length < 2 || text.normalize("NFC") !== text) return undefined;
  const first = pointsOf(String.fromCodePoint(...parted.slice(0, -1)).normalize("NFC"));
  return first.length === 1 ? [first[0], parted[parted.length - 1]] : undefined;
}

function extend(ranges: [number, number][], point: number): void {
  const last = ranges[ranges.length - 1];
  if (last !== undefined && last[1] === point - 1) last[1] = point;
  else ranges.push([point, point]);
}

/** Classes are not told by JavaScript, but their order is: marks of a higher class are moved behind those of a lower one. */
function ranked(marks: readonly number[]): [number, number, number][] {
  const highest = 0x0345;
  const combining = marks.filter((m) => m === highest || swapped(highest, m));
  const classes: number[] = [];
  const rankOf = (mark: number): number => {
    let low = 0;
    let high = classes.length;
    while (low < high) {
      const half = (low + high) >> 1;
      if (swapped(mark, classes[half])) low = half + 1;
      else high = half;
    }
    return low;
  };
  for (const mark of combining) {
    const at = rankOf(mark);
    if (at === classes.length || swapped(classes[at], mark)) classes.splice(at, 0, mark);
  }
  const ranges: [number, number, number][] = [];
  for (const mark of combining) {
    const rank = rankOf(mark) + 1;
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] === mark - 1 && last[2] === rank) last[1] = mark;
    else ranges.push([mark, mark, rank]);
  }
  return ranges;
}

function swapped(first: number, second: number): boolean {
  const one = String.fromCodePoint(first).normalize("NFD");
  const two = String.fromCodePoint(second).normalize("NFD");
  return one !== two && (one + two).normalize("NFD") === two + one;
}

function stepped(pairs: readonly (readonly [number, number])[]): [number, number, number, number][] {
  const ranges: [number, number, number, number][] = [];
  for (const [point, small] of pairs) {
    const last = ranges[ranges.length - 1];
    const step = last === undefined ? 0 : point - last[1];
    const fits = last !== undefined && last[3] === small - point && step <= 2;
    if (fits && (last[0] === last[1] || step === last[2])) {
      last[2] = step;
      last[1] = point;
    } else ranges.push([point, point, 1, small - point]);
  }
  return ranges;
}
