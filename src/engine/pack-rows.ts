import type { DuckDBDataChunk } from "@duckdb/node-api";
import { fail } from "../base/errors";
import { levelNumbers } from "../frame/categorical";
import { type EncoderState, levelWidth, textWidth } from "../frame/encoder-state";
import { TextHasher } from "../frame/text";
import { inverseFrequencies } from "../frame/vocabulary";
import { itemsOf } from "./database";
import type { LevelColumn } from "./level-columns";
import { blockPackers, type ChunkPacker, type PackedBlocks, unseenRemedy } from "./pack-blocks";
import { RowFault } from "./row-fault";
import { checkOrder } from "./row-layout";
import { classNumbers } from "./target-counts";

/** What the packing of a table's rows goes by. */
interface PackedFields extends Omit<PackedBlocks, "offset"> {
  readonly weights: string | null;
  /** How rows come, see `RowLayout.sql`. */
  readonly as: "rows" | "ordered" | "merged";
  /** Of each column of text, whether it is counted in how many rows each of its features is. */
  readonly counted: readonly boolean[];
}

/** Packs chunks of rows. */
export class RowsPacker {
  /** The sum of weights of each class. */
  readonly masses: Float64Array;
  readonly #of: PackedFields;
  readonly #classes: Int32Array;
  readonly #levels: readonly { readonly place: number; readonly features: Int32Array }[];
  readonly #texts: readonly {
    readonly place: number;
    readonly hasher: TextHasher;
    readonly offset: number;
    /** In how many rows each column occurs, where that is counted. */
    readonly frequencies: Uint32Array | null;
  }[];
  readonly #blocks: readonly ChunkPacker[];

  /** @throws `invalid-label` for a class that the state does not know; {@link RowFault} for a level that it may not meet */
  constructor(of: PackedFields) {
    const { state, layout, levels, counted } = of;
    this.#of = of;
    this.#classes = knownClasses(state, levels.get(state.label)!.values);
    let offset = state.numeric.length;
    this.#levels = state.categorical.map((column) => {
      const features = featuresOf(column, levels.get(column.name)!, state).map((n) =>
        n < 0 ? -1 : n + offset,
      );
      offset += levelWidth(column);
      return { place: layout.place("code", column.name), features };
    });
    this.#texts = state.text.map((column, k) => {
      const width = textWidth(column);
      const frequencies = counted[k] ? new Uint32Array(width) : null;
      const place = layout.place("text", column.name);
      const own = { place, hasher: new TextHasher(column), offset, frequencies };
      offset += width;
      return own;
    });
    this.#blocks = blockPackers({ ...of, offset });
    this.masses = new Float64Array(state.classes.length);
  }

  /** The inverse document frequencies of each column of text, by the rows so far; `null` where they are not counted. */
  inverseFrequencies(): (Float32Array | null)[] {
    const { rows } = this.#of.writer;
    return this.#texts.map(({ frequencies }) =>
      frequencies === null ? null : inverseFrequencies(frequencies, rows),
    );
  }

  /** @throws `invalid-option` for a weight below 0; {@link RowFault} */
  pack(chunk: DuckDBDataChunk): void {
    const { state, layout, writer, weights, as } = this.#of;
    const { numeric } = state;
    if (as === "ordered") checkOrder(chunk, writer.rows);
    const numbers = numeric.map(({ name }) => itemsOf(chunk, layout.place("number", name)));
    const levels = this.#levels.map(({ place, features }) => ({ codes: itemsOf(chunk, place), features }));
    const texts = this.#texts.map((own) => ({ ...own, cells: chunk.getColumnVector(own.place) }));
    const blocks = this.#blocks.map((packer) => packer(chunk));
    const labels = itemsOf(chunk, layout.place("code", state.label));
    const weight = weights === null ? null : itemsOf(chunk, layout.place("number", weights));
    const count = as === "merged" ? itemsOf(chunk, chunk.columnCount - 1) : null;
    for (let i = 0; i < chunk.rowCount; i++) {
      for (let j = 0; j < numeric.length; j++) {
        const { mean, scale } = numeric[j];
        const x = (numbers[j][i] - mean) / scale;
        if (x !== 0 && !Number.isNaN(x)) writer.add(j, x);
      }
      for (let k = 0; k < levels.length; k++) {
        const { codes, features } = levels[k];
        const code = codes[i];
        if (code >= 0 && features[code] >= 0) writer.add(features[code], 1);
      }
      for (const { hasher, offset, frequencies, cells } of texts) {
        hasher.hash(String(cells.getItem(i)));
        const { columns, values, size } = hasher;
        for (let t = 0; t < size; t++) writer.add(offset + columns[t], values[t]);
        if (frequencies !== null) for (let t = 0; t < size; t++) frequencies[columns[t]]++;
      }
      const own = this.#classes[labels[i]];
      for (let k = 0; k < blocks.length; k++) blocks[k](i, own);
      const w = checkWeight(weight === null ? 1 : weight[i]) * (count === null ? 1 : count[i]);
      this.masses[own] += w;
      writer.endRow(own, w);
    }
  }
}

function checkWeight(weight: number): number {
  if (weight < 0) fail("invalid-option", { thing: "weight of a row", value: weight, expected: "at least 0" });
  return weight;
}

/** The feature of each numbered level, -1 for none. */
function featuresOf(
  column: EncoderState["categorical"][number],
  { values }: LevelColumn,
  { unseen }: EncoderState,
): Int32Array {
  const features = levelNumbers(column, values, { missing: "mean", unseen: "zero" });
  const number = features.findIndex((feature, k) => feature < 0 && values[k] !== null);
  if (unseen === "error" && number >= 0) {
    const cell = { name: column.name, number, value: values[number] };
    throw RowFault.unseen([cell], column.levels, unseenRemedy);
  }
  return features;
}

function knownClasses({ classes, label }: EncoderState, labels: readonly unknown[]): Int32Array {
  const numbers = classNumbers(classes, labels);
  const at = numbers.indexOf(-1);
  if (at < 0) return numbers;
  return fail("invalid-label", {
    thing: `label in column "${label}"`,
    value: labels[at],
    expected: `one of ${classes.slice(0, 12).map(String).join(", ")}`,
  });
}
