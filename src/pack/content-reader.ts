import { codeContent } from "./code-content";
import type { Content, Part, PartName } from "./content";
import { checksumBytes, opened, startBytes } from "./envelope";
import { mostStored } from "./limits";
import { StreamReader } from "./stream/reader";

/**
 * Reads a file of version 2 as plain values, and what each of its parts takes. It stands alone, so that pages can carry it.
 * @throws `truncated-file`, `corrupt-file`
 */
export function readContent(bytes: Uint8Array): { content: Content; parts: Part[] } {
  const stream = new StreamReader(opened(bytes));
  const starts: { name: PartName; bits: number }[] = [];
  const content = codeContent(stream, nothing, {
    begins(name) {
      stream.part = name;
      starts.push({ name, bits: stream.spent });
    },
    checkCount(count) {
      if (count > mostStored(bytes.length)) stream.wrong("fewer stored weights in a file of this size");
    },
  });
  stream.end();
  const ends = [...starts.slice(1).map(({ bits }) => bits), stream.spent];
  const parts = starts.map(({ name, bits }, i) => ({ name, bits: ends[i] - bits }));
  const fixed = (name: PartName, count: number): Part => ({ name, bits: 8 * count });
  return {
    content,
    parts: [fixed("start", startBytes), ...parts, fixed("checksum", checksumBytes)].filter(
      ({ bits }) => bits > 0,
    ),
  };
}

/** What stands for the content in reading. */
const nothing: Content = {
  link: "binary",
  kind: "trained",
  features: 1,
  classes: 2,
  labels: null,
  positions: new Uint32Array(0),
  intercepts: new Float64Array(0),
  values: new Float64Array(0),
  scheme: null,
  codes: new Uint16Array(0),
  decision: { threshold: null, temperature: null },
  encoder: null,
  names: null,
  provenance: null,
};
