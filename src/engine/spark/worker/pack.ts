import { blockWidth, rowWidth } from "../../../frame/blocks/state";
import { textWidth } from "../../../frame/encoder-state";
import { TextHasher } from "../../../frame/text";
import { blockLayout, rowsABlock, typicalTerms } from "../../block-layout";
import { type CellPacker, cellPackers } from "./cell-packers";
import { inputRows, writeRow } from "./lines";
import { hasValues, type PackPlan } from "./messages";
import { textOf } from "./numbers";

/**
 * Packs rows `partition, [label, weight, numbers, levels, texts, cells of blocks]` and writes blocks `partition, number in the partition, rows,
 * stored values, weight of each class, block`.
 */
export function pack(plan: PackPlan): void {
  let packer: BlockPacker | null = null;
  for (const [part, cells] of inputRows()) {
    const own = Number(part.toString("latin1"));
    if (packer === null || packer.part !== own) {
      packer?.flush();
      packer = new BlockPacker(plan, own);
    }
    packer.add(JSON.parse(cells.toString()));
  }
  packer?.flush();
}

/** A block as text. @param parts in the order of its layout */
export function blockText(parts: readonly ArrayBufferView[], bytes: number): string {
  const block = Buffer.alloc(bytes);
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    block.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return block.toString("base64");
}

class BlockPacker {
  readonly part: number;
  readonly #plan: PackPlan;
  readonly #classes: ReadonlyMap<string, number>;
  readonly #levels: readonly ReadonlyMap<string, number>[];
  readonly #texts: readonly { readonly hasher: TextHasher; readonly offset: number }[];
  readonly #blocks: readonly CellPacker[];
  /** A block ends when it has as many stored values. */
  readonly #full: number;
  readonly #weights: Float64Array;
  readonly #pointers: Uint32Array;
  readonly #labels: Uint32Array;
  #indices: Uint32Array;
  #values: Float32Array;
  readonly #masses: Float64Array;
  #rows = 0;
  #nonzeros = 0;
  #sequence = 0;

  constructor(plan: PackPlan, part: number) {
    this.#plan = plan;
    this.part = part;
    const { numeric, categorical, text, labels } = plan;
    const width =
      numeric.length +
      categorical.length +
      typicalTerms * text.length +
      (plan.blocks ?? []).reduce((sum, block) => sum + rowWidth(block), 0);
    const valued = hasValues(plan);
    const most = rowsABlock(width, valued);
    const { blocks = [] } = plan;
    const beside = blocks.reduce((sum, block) => sum + blockWidth(block), 0);
    let offset = plan.columns - beside - text.reduce((sum, column) => sum + textWidth(column), 0);
    this.#texts = text.map((column) => {
      const own = { hasher: new TextHasher(column), offset };
      offset += textWidth(column);
      return own;
    });
    this.#blocks = cellPackers(plan, part, offset);
    this.#full = most * width;
    this.#classes = new Map(labels.cells.map((cell, k) => [cell, labels.numbers[k]]));
    this.#levels = categorical.map(
      ({ cells, features }) => new Map(cells.map((cell, k) => [cell, features[k]])),
    );
    this.#weights = new Float64Array(most);
    this.#pointers = new Uint32Array(most + 1);
    this.#labels = new Uint32Array(most);
    this.#indices = new Uint32Array(this.#full);
    this.#values = new Float32Array(valued ? this.#full : 0);
    this.#masses = new Float64Array(plan.classes);
  }

  add(cells: readonly (string | null)[]): void {
    const { weighted, numeric } = this.#plan;
    const label = this.#classes.get(String(cells[0]));
    if (label === undefined) throw new Error(`a row has the unknown label ${JSON.stringify(cells[0])}`);
    const weight = weighted ? Number(cells[1]) : 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new Error(`a row has the weight ${JSON.stringify(cells[1])}, not a number of at least 0`);
    }
    let at = weighted ? 2 : 1;
    for (let j = 0; j < numeric.length; j++, at++) {
      const cell = cells[at];
      const x = cell === null || cell === "NaN" ? 0 : (Number(cell) - numeric[j].mean) / numeric[j].scale;
      if (!Number.isFinite(x))
        throw new Error(`a row has the number ${JSON.stringify(cell)}, which is not finite`);
      if (x !== 0) this.#store(j, x);
    }
    for (const levels of this.#levels) {
      const cell = cells[at++];
      if (cell === null) continue;
      const column = levels.get(cell);
      // All cells were met when the levels were learnt: another one was changed on its way, or in the source.
      if (column === undefined) throw new Error(`a row has the unknown level ${JSON.stringify(cell)}`);
      if (column >= 0) this.#store(column, 1);
    }
    for (const { hasher, offset } of this.#texts) {
      hasher.hash(cells[at++] ?? "");
      for (let t = 0; t < hasher.size; t++) this.#store(offset + hasher.columns[t], hasher.values[t]);
    }
    for (const { columns, pack } of this.#blocks) {
      pack(cells.slice(at, at + columns), label, this.#store);
      at += columns;
    }
    this.#labels[this.#rows] = label;
    this.#weights[this.#rows] = weight;
    this.#masses[label] += weight;
    this.#pointers[++this.#rows] = this.#nonzeros;
    if (this.#rows === this.#labels.length || this.#nonzeros > this.#full) this.flush();
  }

  flush(): void {
    const rows = this.#rows;
    const nonzeros = this.#nonzeros;
    if (rows === 0) return;
    const valued = this.#values.length > 0;
    const parts = [
      this.#weights.subarray(0, rows),
      this.#pointers.subarray(0, rows + 1),
      this.#labels.subarray(0, rows),
      this.#indices.subarray(0, nonzeros),
      this.#values.subarray(0, valued ? nonzeros : 0),
    ];
    const block = blockText(parts, blockLayout(rows, nonzeros, valued).bytes);
    writeRow(this.part, this.#sequence++, rows, nonzeros, textOf(this.#masses), block);
    this.#rows = 0;
    this.#nonzeros = 0;
    this.#masses.fill(0);
  }

  readonly #store = (column: number, value: number): void => {
    if (this.#nonzeros === this.#indices.length) this.#grow();
    this.#indices[this.#nonzeros] = column;
    if (this.#values.length > 0) this.#values[this.#nonzeros] = value;
    this.#nonzeros++;
  };

  /** Makes room for a row that is longer than the rest of its block. */
  #grow(): void {
    const indices = new Uint32Array(2 * this.#indices.length);
    indices.set(this.#indices);
    this.#indices = indices;
    if (this.#values.length === 0) return;
    const values = new Float32Array(indices.length);
    values.set(this.#values);
    this.#values = values;
  }
}
