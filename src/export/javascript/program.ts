import type { TextState } from "../../frame/encoder-state";

/**
 * The program of an export to JavaScript: it reads the model from `spec`. Its parts are joined as the model needs them, so that no
 * model carries code that it does not run.
 */
export const decodeSource = `const outputs = spec.intercepts.length;
function unpack(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0, j = 0, held = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    held |= (c - 42 - (c > 60) - (c > 92)) << (6 * (i & 3));
    if ((i & 3) < 3) continue;
    for (let n = 3; n--; held >>= 8) bytes[j++] = held;
  }
  return bytes;
}
function reader(text) {
  const bytes = unpack(text);
  let at = 0;
  return (n) => {
    let value = 0;
    for (let i = 0; i < n; i++, at++) value |= ((bytes[at >> 3] >> (at & 7)) & 1) << i;
    return value;
  };
}
function decode({ size, count, rice, width, levels, gaps, data }) {
  const floats = width > 8 && new Float32Array(unpack(data).buffer, 0, count);
  if (floats && count === size) return floats;
  const table = new Float32Array(size);
  const gap = reader(gaps);
  const code = reader(data);
  for (let i = 0, place = -1; i < count; i++) {
    while (gap(1)) place += 1 << rice;
    place += 1 + gap(rice);
    table[place] = floats ? floats[i] : levels[code(width)];
  }
  return table;
}
function add(margins, table, entry, x) {
  for (let k = 0; k < outputs; k++) margins[k] += x * table[entry * outputs + k];
}
function refuse(what, name, value) {
  throw new RangeError(what + " in " + name + ": " + String(value));
}
function isMissing(value, name) {
  const none = value == null || value !== value;
  if (none && name !== undefined && !spec.fill) refuse("missing value", name, value);
  return none;
}
`;

/** Numbers of a table. */
export const numericSource = `const numbers = decode(spec.numbers);
function readNumbers(row, margins) {
  spec.numeric.forEach(({ name, mean }, j) => {
    let x = row[name];
    if (typeof x === "string") x = x.trim() || null;
    if (isMissing(x, name)) x = mean;
    x = typeof x === "object" ? NaN : Number(x);
    if (!isFinite(x)) refuse("no number", name, row[name]);
    add(margins, numbers, j, x);
  });
}
`;

/** The bins of numbers. */
export const binsSource = `const sizes = spec.bins.map((b) => ({ ...b, table: decode(b.table) }));
function readBins(row, margins) {
  for (const { name, edges, table } of sizes) {
    let x = row[name];
    if (typeof x === "string") x = x.trim() || null;
    const bin = isMissing(x) ? edges.length + 1 : edges.filter((edge) => edge <= Number(x)).length;
    add(margins, table, bin, 1);
  }
}
`;

/** What a missing level adds, where anything does. */
export const missingSource = `function addAll(margins, w) {
  if (w) w.forEach((x, k) => (margins[k] += x));
}
`;

/** Categories of a table. @param missing whether a missing level adds something */
export function categoricalSource(missing: boolean): string {
  return `const categories = spec.categorical.map((c) => ({
  ...c,
  levels: new Map(c.levels.map((level, i) => [level, i])),
  table: decode(c.table),
}));
function readCategories(row, margins) {
  return categories.map(({ name, levels, table, strict${missing ? ", missing" : ""} }) => {
    const value = row[name];
    if (isMissing(value, name)) ${missing ? "{ addAll(margins, missing); return -1; }" : "return -1;"}
    const level = levels.get(String(value));
    if (level !== undefined) add(margins, table, level, 1);
    else if (strict) refuse("unseen level", name, value);
    return level;
  });
}
`;
}

/** Tuples of levels, which the levels of the row are given for. */
export const crossSource = `const crosses = spec.crosses.map((c) => ({
  ...c,
  tuples: new Map(c.tuples.map((tuple, i) => [String(tuple), i])),
  table: decode(c.table),
}));
function readCrosses(levels, margins) {
  for (const { columns, tuples, table, missing } of crosses) {
    const tuple = columns.map((c) => levels[c]);
    if (tuple.includes(-1)) addAll(margins, missing);
    const at = tuples.get(String(tuple));
    if (at !== undefined) add(margins, table, at, 1);
  }
}
`;

/** Texts of a table, with what its columns ask for. */
export function textSource(columns: readonly TextState[]): string {
  const any = (has: (column: TextState) => boolean, source: string): string =>
    columns.some(has) ? source : "";
  const stops = ({ stopWords }: TextState): boolean => stopWords !== undefined;
  const terms = ({ vocabulary }: TextState): boolean => vocabulary !== undefined;
  const runs = ({ unit }: TextState): boolean => unit !== undefined;
  const gap = any(runs, 'runs ? "" : ') + '" "';
  return `const texts = spec.text.map((t) => ({ ...t, ${any(stops, "stops: new Set(t.stops), ")}${any(
    terms,
    "terms: t.terms && new Map(t.terms.map((term, i) => [term, i])), ",
  )}table: decode(t.table) }));
const encoder = new TextEncoder();
function murmur(bytes, seed) {
  const mix = (k) => {
    k = Math.imul(k, 0xcc9e2d51);
    return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  };
  let h = seed | 0;
  let k = 0;
  bytes.forEach((byte, i) => {
    k |= byte << (8 * (i & 3));
    if ((i & 3) < 3) return;
    h ^= mix(k);
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
    k = 0;
  });
  h ^= mix(k) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
function readTexts(row, margins) {
  for (const { name, bits, seed, from, to, log, lower, table${any(runs, ", runs")}${any(stops, ", stops")}${any(terms, ", terms")} } of texts) {
    let text = isMissing(row[name]) ? "" : String(row[name]);
    text = text.normalize("NFKC").replaceAll("\\u2019", "'");
    if (lower) text = text.toLowerCase();
    let words = text.match(/[\\p{L}\\p{M}\\p{N}_]+(?:'[\\p{L}\\p{M}\\p{N}_]+)*/gu) ?? [];
${any(stops, "words = words.filter((word) => !stops.has(word));\n")}${any(runs, 'if (runs) words = Array.from(words.join(" "));\n')}    const counts = new Map();
    for (let i = 0; i < words.length; i++) {
      for (let n = from; n <= to && i + n <= words.length; n++) {
        const gram = words.slice(i, i + n).join(${gap});
        const bucket = ${any(terms, "terms ? terms.get(gram) : ")}murmur(encoder.encode(gram), seed) & (2 ** bits - 1);
        ${any(terms, "if (bucket === undefined) continue;")}
        counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      }
    }
    const sums = margins.map(() => 0);
    let squares = 0;
    for (const [bucket, count] of counts) {
      const x = log ? 1 + Math.log(count) : count;
      squares += x * x;
      add(sums, table, bucket, x);
    }
    if (squares > 0) sums.forEach((sum, k) => (margins[k] += sum / Math.sqrt(squares)));
  }
}
`;
}

/** Features as they are. */
export const matrixSource = `const features = decode(spec.features);
function readFeatures(row, margins) {
  const { indices, values } = row;
  if (indices) {
    for (let i = 0; i < indices.length; i++) {
      if (!(indices[i] >= 0 && indices[i] < spec.width)) refuse("no feature", indices[i], "out of range");
      add(margins, features, indices[i], values ? values[i] : 1);
    }
    return;
  }
  if (row.length !== spec.width) throw new RangeError("expected " + spec.width + " features, not " + row.length);
  for (let j = 0; j < spec.width; j++) if (row[j] !== 0) add(margins, features, j, row[j]);
}
`;

/** The links of {@link linkSource}. */
export const linkSources = {
  binary: `function link([margin]) {
  const e = Math.exp(-Math.abs(margin));
  const likely = 1 / (1 + e);
  return margin < 0 ? [likely, e * likely] : [e * likely, likely];
}
`,
  ovr: `function link(margins) {
  const all = margins.map((m) => (m < 0 ? Math.exp(m) / (1 + Math.exp(m)) : 1 / (1 + Math.exp(-m))));
  const sum = all.reduce((a, b) => a + b, 0);
  return all.map((p) => (sum > 0 ? p / sum : 1 / outputs));
}
`,
  softmax: `function link(margins) {
  const top = margins.reduce((a, b) => Math.max(a, b));
  const all = margins.map((m) => Math.exp(m - top));
  const sum = all.reduce((a, b) => a + b);
  return all.map((p) => p / sum);
}
`,
} as const;

/** The function itself and its self-test. */
export function predictSource(readers: readonly string[]): string {
  return `function predict(row) {
  const margins = spec.intercepts.slice();
${readers.map((reader) => `  ${reader};\n`).join("")}  let best = 0;
  for (let k = 1; k < outputs; k++) if (margins[k] > margins[best]) best = k;
  if (outputs === 1) best = margins[0] > spec.cut ? 1 : 0;
  return { label: spec.classes[best], probabilities: link(margins) };
}
predict.classes = spec.classes;
predict.selfTest = () => {
  for (const [row, label, expected] of spec.golden) {
    const found = predict(row);
    if (found.label !== label || !found.probabilities.every((p, k) => Math.abs(p - expected[k]) < 1e-6))
      throw new Error("self-test failed");
  }
};
`;
}
