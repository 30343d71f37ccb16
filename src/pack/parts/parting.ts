import { fail } from "../../base/errors";
import type { Parting } from "../../quantize/parting";
import { Frequencies } from "../stream/learned";
import { lengthOf, type Stream } from "../stream/stream";
import type { Shape } from "./shape";

const kinds = ["class", "group", "block"] as const;
/** The most features that can be parted into groups, each of which takes time. */
const mostGrouped = 2 ** 22;
const same = 0;
const next = 1;
const other = 2;

/** Codes which weights share a scheme: a kind, then the size of a block or the group of each feature. */
export function codeParting(stream: Stream, parting: Parting, shape: Shape): Parting {
  const by = kinds[stream.uniform(kinds.indexOf(parting.by), kinds.length)];
  if (by === "class") return { by };
  if (by === "group") return { by, groups: codeGroups(stream, groupsOf(parting), shape.features) };
  const size = stream.number(parting.by === "block" ? parting.size : 0, Number.MAX_SAFE_INTEGER);
  return size > 0 ? { by, size } : stream.wrong("a block of one place or more");
}

function groupsOf(parting: Parting): Uint32Array {
  return parting.by === "group" ? parting.groups : new Uint32Array(0);
}

/** For each feature whether its group is that of the feature before, the next number, or another, which follows. */
function codeGroups(stream: Stream, groups: Uint32Array, features: number): Uint32Array {
  if (features > mostGrouped) tooMany(stream, features);
  const width = stream.uniform(
    groups.reduce((most, group) => Math.max(most, lengthOf(group)), 0),
    33,
  );
  const steps = new Frequencies(3, 2);
  const coded = new Uint32Array(features);
  let before = 0;
  for (let j = 0; j < features; j++) {
    const wanted = groups[j] === before ? same : groups[j] === before + 1 ? next : other;
    const step = stream.symbol(stream.reading ? 0 : wanted, steps);
    if (step === next) before++;
    if (step === other) before = stream.bits(groups[j], width);
    if (before >= 2 ** 32) stream.wrong("groups below 2^32");
    coded[j] = before;
  }
  return coded;
}

function tooMany(stream: Stream, features: number): never {
  if (stream.reading) stream.wrong(`at most ${mostGrouped} features in groups`);
  return fail("unsupported-model", {
    thing: "number of features in groups",
    value: features,
    expected: `at most ${mostGrouped}`,
  });
}
