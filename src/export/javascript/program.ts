import type { TextState } from "../../frame/encoder-state";

/**
 * The program of an export to JavaScript: it reads the model from `spec`. Its parts are joined as the model needs them, so that no
 * model carries code that it does not run; `minified` shortens all names but those of the language.
 */
export const decodeSource = `const outputs = spec.intercepts.length;
let margins;
const unpack = (text) => {
  const bytes = new Uint8Array(text.length);
  for (let i = 0, j = 0, held = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    held |= (c - 42 - (c > 60) - (c > 92)) << (6 * (i & 3));
    if ((i & 3) === 3) for (let n = 3; n--; held >>= 8) bytes[j++] = held;
  }
  return bytes;
};
const reader = (text) => {
  const bytes = unpack(text);
  let at = 0;
  return (n) => {
    let value = 0;
    for (let i = 0; i < n; i++, at++) value |= ((bytes[at >> 3] >> (at & 7)) & 1) << i;
    return value;
  };
};
const decode = ({ size, count, rice, width, levels, gaps, data }) => {
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
};
const add = (table, entry, x) => {
  for (let k = 0; k < outputs; k++) margins[k] += x * table[entry * outputs + k];
};
const refuse = (what, name, value) => {
  throw new RangeError(what + " in " + name + ": " + String(value));
};
`;

/** Columns of a table, and what is no value. */
export const columnsSource = `const ready = (columns) =>
  columns.map((column) => ({
    ...column,
    keys: new Map((column.keys ?? []).map((key, i) => [String(key), i])),
    table: column.table && decode(column.table),
  }));
const isMissing = (value) => value == null || value !== value;
`;

/**
 * Numbers of a table.
 * @param fill whether missing values are taken for the mean
 * @param bins whether numbers have bins
 */
export function numericSource(fill: boolean, bins: boolean): string {
  return `const numbers = decode(spec.numbers);
const numeric = ${bins ? "ready(spec.numeric)" : "spec.numeric"};
const readNumbers = (row) => {
  numeric.forEach(({ name, ${fill ? "mean, " : ""}${bins ? "edges, table " : ""}}, j) => {
    let x = row[name];
    if (typeof x === "string") x = x.trim() || null;
    const none = isMissing(x);
${bins ? "    if (edges) add(table, none ? edges.length + 1 : edges.filter((edge) => edge <= x).length, 1);\n" : ""}    if (none) ${fill ? "x = mean" : 'refuse("missing value", name, row[name])'};
    x = typeof x === "object" ? NaN : Number(x);
    if (!isFinite(x)) refuse("no number", name, row[name]);
    add(numbers, j, x);
  });
};
`;
}

/**
 * Categories of a table.
 * @param fill whether missing values are no level
 * @param missing whether a missing level adds something
 * @param strict whether a column refuses levels
 */
export function categoricalSource(fill: boolean, missing: boolean, strict: boolean): string {
  const none = fill
    ? `{ ${missing ? "if (missing) add(missing, 0, 1); " : ""}return -1; }`
    : 'refuse("missing value", name, value);';
  return `const categories = ready(spec.categorical);
const readCategories = (row) =>
  categories.map(({ name, keys, table, ${strict ? "strict, " : ""}${missing ? "missing " : ""}}) => {
    const value = row[name];
    if (isMissing(value)) ${none}
    const level = keys.get(String(value));
    if (level >= 0) add(table, level, 1);
${strict ? '    else if (strict) refuse("unseen level", name, value);\n' : ""}    return level;
  });
`;
}

/** Tuples of levels, which the levels of the row are given for. @param missing whether a missing level adds something */
export function crossSource(missing: boolean): string {
  return `const crosses = ready(spec.crosses);
const readCrosses = (levels) => {
  for (const { columns, keys, table, ${missing ? "missing " : ""}} of crosses) {
    const tuple = columns.map((c) => levels[c]);
${missing ? "    if (missing && tuple.includes(-1)) add(missing, 0, 1);\n" : ""}    const at = keys.get(String(tuple));
    if (at >= 0) add(table, at, 1);
  }
};
`;
}

/** Texts of a table, with what its columns ask for. */
export function textSource(columns: readonly TextState[]): string {
  const any = (has: (column: TextState) => boolean, source: string): string =>
    columns.some(has) ? source : "";
  const stops = ({ stopWords }: TextState): boolean => stopWords !== undefined;
  const terms = ({ vocabulary }: TextState): boolean => vocabulary !== undefined;
  const runs = ({ unit }: TextState): boolean => unit !== undefined;
  const hashed = columns.some((column) => !terms(column));
  const murmur = `const encoder = new TextEncoder();
const times = Math.imul;
const mix = (k) => {
  k = times(k, 0xcc9e2d51);
  return times((k << 15) | (k >>> 17), 0x1b873593);
};
const murmur = (bytes, hash) => {
  let k = 0;
  bytes.forEach((byte, i) => {
    k |= byte << (8 * (i & 3));
    if ((i & 3) < 3) return;
    hash ^= mix(k);
    hash = (times((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    k = 0;
  });
  hash ^= mix(k) ^ bytes.length;
  hash = times(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = times(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};
`;
  const bucket = "murmur(encoder.encode(gram), seed) & (2 ** bits - 1)";
  const own = any(terms, hashed ? `bits ? ${bucket} : keys.get(gram)` : "keys.get(gram)");
  return `${hashed ? murmur : ""}const texts = ready(spec.text)${any(stops, ".map((column) => ({ ...column, stops: new Set(column.stops) }))")};
const readTexts = (row) => {
  for (const { name, ${hashed ? "bits, seed, " : ""}least, most, sublinear, lower, table, ${any(terms, "keys, ")}${any(runs, "runs, ")}${any(stops, "stops, ")}} of texts) {
    let text = row[name];
    text = isMissing(text) ? "" : String(text).normalize("NFKC").replaceAll("\\u2019", "'");
    if (lower) text = text.toLowerCase();
    let words = text.match(/[\\p{L}\\p{M}\\p{N}_]+(?:'[\\p{L}\\p{M}\\p{N}_]+)*/gu) ?? [];
${any(stops, "    words = words.filter((word) => !stops.has(word));\n")}${any(runs, '    if (runs) words = [...words.join(" ")];\n')}    const counts = new Map();
    for (let i = 0; i < words.length; i++) {
      for (let n = least; n <= most && i + n <= words.length; n++) {
        const gram = words.slice(i, i + n).join(${any(runs, 'runs ? "" : ')}" ");
        const bucket = ${own || bucket};
        ${any(terms, "if (bucket >= 0) ")}counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      }
    }
    let squares = 0;
    for (const [bucket, count] of counts) {
      const x = sublinear ? 1 + Math.log(count) : count;
      counts.set(bucket, x);
      squares += x * x;
    }
    for (const [bucket, x] of counts) add(table, bucket, x / Math.sqrt(squares));
  }
};
`;
}

/** Features as they are. */
export const matrixSource = `const features = decode(spec.features);
const readFeatures = (row) => {
  const { indices, values } = row;
  if (indices) {
    for (let i = 0; i < indices.length; i++) {
      if (!(indices[i] >= 0 && indices[i] < spec.width)) refuse("no feature", indices[i], "out of range");
      add(features, indices[i], values ? values[i] : 1);
    }
    return;
  }
  if (row.length !== spec.width) throw new RangeError("expected " + spec.width + " features, not " + row.length);
  for (let j = 0; j < spec.width; j++) if (row[j] !== 0) add(features, j, row[j]);
};
`;

/** Margins to probabilities. */
export const linkSources = {
  binary: `const link = () => {
  const e = Math.exp(-Math.abs(margins[0]));
  const likely = 1 / (1 + e);
  return margins[0] < 0 ? [likely, e * likely] : [e * likely, likely];
};
`,
  ovr: `const link = () => {
  const power = Math.exp;
  const all = margins.map((m) => (m < 0 ? power(m) / (1 + power(m)) : 1 / (1 + power(-m))));
  const sum = all.reduce((a, b) => a + b, 0);
  return all.map((p) => (sum > 0 ? p / sum : 1 / outputs));
};
`,
  softmax: `const link = () => {
  const top = margins.reduce((a, b) => Math.max(a, b));
  const all = margins.map((m) => Math.exp(m - top));
  const sum = all.reduce((a, b) => a + b);
  return all.map((p) => p / sum);
};
`,
} as const;

/** The function itself and its self-test. */
export function predictSource(readers: readonly string[], link: keyof typeof linkSources): string {
  const best =
    link === "binary"
      ? "const best = margins[0] > spec.cut ? 1 : 0;"
      : "let best = 0;\n  for (let k = 1; k < outputs; k++) if (margins[k] > margins[best]) best = k;";
  return `const predict = (row) => {
  margins = spec.intercepts.slice();
${readers.map((reader) => `  ${reader};\n`).join("")}  ${best}
  return { label: spec.classes[best], probabilities: link() };
};
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
