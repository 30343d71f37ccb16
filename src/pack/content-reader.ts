import { Squares } from "../matrix/squares";
import { codeContent } from "./code-content";
import type { Content, Part, PartName } from "./content";
import { checksumBytes, opened, startBytes, versionOf } from "./envelope";
import { mostStored } from "./limits";
import { codebookOf, spreadCount, spreadOut } from "./spread";
import { StreamReader } from "./stream/reader";

/**
 * Reads a file of version 2 or 3 as plain values, and what each of its parts takes; where pixels are pooled, their own weights. It stands
 * alone, so that pages can carry it.
 * @throws `truncated-file`, `corrupt-file`
 */
export function readContent(bytes: Uint8Array): { content: Content; parts: Part[] } {
  const stream = new StreamReader(opened(bytes));
  const starts: { name: PartName; bits: number }[] = [];
  const kindOf = versionOf(bytes) === 3 ? { ...nothing, pooling: { width: 1, by: 2 } } : nothing;
  const read = codeContent(stream, kindOf, {
    begins(name) {
      stream.part = name;
      starts.push({ name, bits: stream.spent });
    },
    checkCount(count) {
      if (count > mostStored(bytes.length)) stream.wrong("fewer stored weights in a file of this size");
    },
  });
  stream.end();
  const content = ofPixels(read, stream, mostStored(bytes.length));
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

/** The weights of pixels, no more than `most`. */
function ofPixels(content: Content, stream: StreamReader, most: number): Content {
  const { pooling, scheme, positions, codes, intercepts, features } = content;
  if (pooling === null || scheme?.kind !== "codebook") return content;
  const squares = new Squares(features, pooling);
  stream.part = "pooling";
  if (spreadCount(positions, intercepts.length, squares) > most) {
    stream.wrong("fewer stored weights in a file of this size");
  }
  const spread = spreadOut({ positions, codes, levels: scheme.levels }, intercepts.length, squares);
  if (spread === null) return stream.wrong("levels that codes of 16 bits tell apart");
  return { ...content, ...spread, scheme: codebookOf(spread.levels) };
}

/** What stands for the content in reading. */
const nothing: Content = {
  link: "binary",
  kind: "trained",
  features: 1,
  classes: 2,
  pooling: null,
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
