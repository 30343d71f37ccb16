import { Random } from "../base/random";
import type { BlockState } from "../frame/blocks/state";
import type { Frame } from "../frame/columns";
import type { EncoderState } from "../frame/encoder-state";

/** Rows of a table as an encoder knows it: numbers in their range, levels, tuples and texts, a missing and an unseen value. */
export function madeTable(state: EncoderState, count: number): Frame {
  const random = new Random(1);
  const gap = state.missing === "mean" ? 1 : Number.NaN;
  const unseen = state.unseen === "zero" ? 2 : Number.NaN;
  const rows = Array.from({ length: count }, (_, i) => i);
  // Without a prototype, so that a column may have any name.
  const columns: Record<string, unknown[]> = Object.create(null);
  const fill = (name: string, of: (row: number) => unknown): void => {
    columns[name] ??= rows.map((i) => (i === gap ? null : of(i)));
  };
  const blocks = state.blocks ?? [];
  for (const block of blocks) {
    if (block.kind !== "cross" || block.levels.length === 0) continue;
    const tuples = rows.map(() => block.levels[random.integer(block.levels.length)]);
    block.names.forEach((name, j) => {
      fill(name, (i) => (i === unseen ? "~ unseen ~" : tuples[i][j]));
    });
  }
  for (const { name, mean, scale } of state.numeric) {
    fill(name, () => mean + (scale * Math.round(16 * random.normal())) / 16);
  }
  for (const { name, levels, other } of state.categorical) {
    const all = Array.isArray(other) ? [...levels, ...other] : levels;
    fill(name, (i) => (i === unseen || all.length === 0 ? "~ unseen ~" : all[random.integer(all.length)]));
  }
  for (const { name } of state.text) columns[name] = rows.map((i) => madeTexts[(i * 3) % madeTexts.length]);
  for (const block of blocks) {
    if ("name" in block) fill(block.name, (i) => made(block, random, i === unseen));
    else for (const name of block.names) fill(name, () => "~ unseen ~");
  }
  return columns;
}

function made(block: Exclude<BlockState, { names: unknown }>, random: Random, unseen: boolean): unknown {
  if (block.kind === "bins") {
    const [low, high] = [block.edges[0] ?? 0, block.edges[block.edges.length - 1] ?? 0];
    return low + ((high - low || 1) * (random.integer(13) - 2)) / 8;
  }
  if (block.kind === "ordinal" || block.kind === "target") {
    return unseen ? "~ unseen ~" : block.levels[random.integer(block.levels.length)];
  }
  return 0;
}

const madeTexts = [
  "",
  "Free money! Click here to claim your prize now. Click HERE.",
  "See you at lunch on Monday; don't forget the report, the report of 2024.",
  "Caf\u00e9 \u00c5ngstr\u00f6m na\u00efve \u201cquotes\u201d \ud83d\ude80 stra\u00dfe e\u0301 \ufb01ne",
  "one two three four five six seven eight nine ten one two three one",
];
