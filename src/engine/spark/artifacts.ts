import { crc32 } from "node:zlib";

/** A file for the session; below `files/` it comes to lie in `./<server's session>/<name>` where scripts run. */
export interface Artifact {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Spark asks for pieces of at most 32 KiB. */
const piece = 32 * 1024;

/** The messages of AddArtifacts that send files, each piece with its CRC-32. */
export function* artifactMessages(artifacts: readonly Artifact[], folder: string): Generator<object> {
  for (const { name, bytes } of artifacts) {
    const count = Math.max(1, Math.ceil(bytes.length / piece));
    const chunk = (k: number): object => {
      const data = bytes.subarray(k * piece, (k + 1) * piece);
      return { data, crc: crc32(data) };
    };
    if (count === 1) {
      yield { batch: { artifacts: [{ name: folder + name, data: chunk(0) }] } };
      continue;
    }
    const begin = {
      name: folder + name,
      total_bytes: bytes.length,
      num_chunks: count,
      initial_chunk: chunk(0),
    };
    yield { begin_chunk: begin };
    for (let k = 1; k < count; k++) yield { chunk: chunk(k) };
  }
}
