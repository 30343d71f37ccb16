import { fail } from "../base/errors";
import { blockColumns } from "../frame/blocks/state";
import type { BlockPlan, CompleteSpec as CompleteEncoderSpec, EncoderSpec } from "../frame/encoder-spec";
import type { EncoderState } from "../frame/encoder-state";
import { encoderKeys, parseSpec as parseEncoderSpec } from "../frame/parse-spec";
import type { TableSpec } from "./source";

/** How the columns of a table become features, every default filled in. */
export interface CompleteSpec extends CompleteEncoderSpec {
  readonly weights: string | null;
}

/** The options that say how columns become features. */
export const specKeys: readonly string[] = [...encoderKeys, "weights"];

/** The one of `kinds` that says where the rows lie. @throws `missing-option`, `invalid-option` */
export function sourceKind<K extends string>(
  table: Readonly<Partial<Record<K, unknown>>>,
  kinds: readonly K[],
): K {
  const given = kinds.filter((kind) => table[kind] !== undefined);
  if (given.length === 1) return given[0];
  return fail(given.length === 0 ? "missing-option" : "invalid-option", {
    thing: "source of the table",
    ...(given.length === 0 ? {} : { value: given.join(" and ") }),
    expected: `one of ${kinds.slice(0, -1).join(", ")} and ${kinds[kinds.length - 1]}`,
  });
}

/** Checks what is said of the columns and fills in the defaults. @throws `missing-option`, `invalid-option` */
export function parseSpec(table: TableSpec): CompleteSpec {
  const own = Object.entries(table).filter(([key]) => encoderKeys.includes(key));
  const { weights = null } = table;
  const complete = { ...parseEncoderSpec(Object.fromEntries(own) as unknown as EncoderSpec), weights };
  const { label } = complete;
  if (weights !== null && [label, ...featureColumns(complete)].includes(weights)) {
    fail("invalid-option", {
      thing: "column of weights",
      value: weights,
      expected: "another column than the label and the features",
    });
  }
  return complete;
}

/** Refuses an encoder that was fitted to other columns. @throws `invalid-option` */
export function checkGiven(spec: CompleteSpec, given: EncoderState): void {
  const own = [
    `label ${spec.label}`,
    ...spec.numeric.map(({ name }) => `numeric ${name}`),
    ...spec.categorical.map(({ name }) => `categorical ${name}`),
    ...spec.text.map(({ state: { name } }) => `text ${name}`),
    ...spec.blocks.map((plan) => `${plan.kind} ${planColumns(plan).join(" & ")}`),
  ];
  const { label, numeric, categorical, text, blocks = [] } = given;
  const theirs = [
    `label ${label}`,
    ...numeric.map(({ name }) => `numeric ${name}`),
    ...categorical.map(({ name }) => `categorical ${name}`),
    ...text.map(({ name }) => `text ${name}`),
    ...blocks
      .filter(({ kind }) => kind !== "indicator")
      .map((block) => `${block.kind} ${blockColumns(block).join(" & ")}`),
  ];
  if (own.join("\0") === theirs.join("\0")) return;
  fail("invalid-option", {
    thing: "columns of the encoder to go by",
    value: theirs.join(", "),
    expected: `those of the table, of these kinds: ${own.join(", ")}`,
  });
}

/** The columns that a block reads which is yet to be fitted. */
export function planColumns(plan: BlockPlan): readonly string[] {
  return "names" in plan ? plan.names : [plan.name];
}

/** The columns that become features, each once. */
export function featureColumns({ numeric, categorical, text, blocks }: CompleteEncoderSpec): string[] {
  const own = [...numeric, ...categorical, ...text.map(({ state }) => state)].map(({ name }) => name);
  return [...new Set([...own, ...blocks.flatMap(planColumns)])];
}
