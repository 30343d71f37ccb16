import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkKeys, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { packageRoot } from "../../base/package-root";
import { checkShape } from "../../base/shape";
import { grouped } from "../../chart/format";
import { Dataset } from "../../matrix/dataset";
import { factsView } from "../table";
import { Card, type CardPart } from "./card";
import { checkTexts } from "./check-texts";
import { bytesHash, dataHash } from "./fingerprint";

/** What is needed to make a result again. */
export interface ProvenanceOptions {
  /** The seed, or the seeds by name. Default: not told, as with all that follow. */
  readonly seed?: number | Readonly<Record<string, number>>;
  /** Datasets by name; their hashes are shown. */
  readonly data?: Readonly<Record<string, Dataset>>;
  /** Files by name, as bytes; their sizes and hashes are shown. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** The commands that make it again, in their order. */
  readonly commands?: string | readonly string[];
  /** Versions beside those of logitpress and Node, or other facts, by name. */
  readonly more?: Readonly<Record<string, string>>;
}

/**
 * Where a result is from and how to make it again: seeds, SHA-256 of data and files, versions, commands. No clock and no name of
 * a machine, so that the same inputs give the same bytes.
 * @throws `unknown-option`, `invalid-option`
 */
export function provenanceCard(options: ProvenanceOptions): Card {
  checkKeys(options, ["seed", "data", "files", "commands", "more"], "provenanceCard");
  const { seed = {}, data = {}, files = {}, commands = [], more = {} } = options;
  for (const [name, value] of Object.entries({ data, files, more }))
    checkShape(value, name, "values by name", {});
  if (typeof seed !== "number") checkShape(seed, "seed", "an integer, or several by name", {});
  const seeds = typeof seed === "number" ? { seed } : seed;
  const lines = checkTexts(commands, "commands");
  const facts: (readonly [string, string])[] = [
    ["logitpress", version()],
    ["Node", process.versions.node],
    ...Object.entries(more).map(([name, value]) => [name, String(value)] as const),
    ...Object.entries(seeds).map(
      ([name, value]) =>
        [
          name === "seed" ? name : `seed of ${name}`,
          String(checkNumber(value, name, { integer: true })),
        ] as const,
    ),
  ];
  const hashes = [
    ...Object.entries(data).map(([name, one]) => {
      if (one instanceof Dataset) return [name, `${grouped(one.rows)} rows`, dataHash(one)];
      return fail("invalid-option", { thing: `data "${name}"`, value: one, expected: "a Dataset" });
    }),
    ...Object.entries(files).map(([name, one]) => {
      if (one instanceof Uint8Array) return [name, `${grouped(one.length)} bytes`, bytesHash(one)];
      return fail("invalid-option", { thing: `file "${name}"`, value: one, expected: "bytes" });
    }),
  ];
  return new Card("Provenance", [
    { kind: "table", table: factsView("Made with", facts) },
    ...(hashes.length === 0
      ? []
      : [
          {
            kind: "table",
            table: {
              title: "Made of",
              columns: ["", "size", "SHA-256, first 32 digits"],
              words: [0, 2],
              named: true,
              rows: hashes.map(([name, size, hash]) => [name, size, hash.slice(0, 32)]),
            },
          } as const,
        ]),
    ...(lines.length === 0
      ? []
      : [{ kind: "heading", text: "To make it again" } as CardPart, { kind: "code", lines } as CardPart]),
  ]);
}

function version(): string {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")).version;
}
