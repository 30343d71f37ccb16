import { type BlockState, blockWidth } from "../frame/blocks/state";
import { type CategoricalState, type EncoderState, levelWidth, textWidth } from "../frame/encoder-state";
import type { Scorer } from "../model/scorer";
import type { PortableCategorical, PortableColumns, PortableNumeric } from "./portable";
import { gathered, used } from "./table";

/**
 * What an encoder and weights come to, in few kinds: weights of numbers, of their bins, of levels and of tuples of levels. Whatever is
 * one number a level (ordinal, target, pooled) is a table of levels; whatever every present value adds goes into the intercept, so that
 * a level which is not listed adds nothing.
 */
export function lowered(model: Scorer, state: EncoderState): PortableColumns {
  const columns = new Columns(model, state);
  let offset = 0;
  for (const column of state.numeric) {
    columns.number(column.name, column, columns.row(offset++));
  }
  for (const column of state.categorical) {
    columns.levels(column, offset);
    offset += levelWidth(column);
  }
  const text = state.text.map((column) => {
    const from = offset;
    offset += textWidth(column);
    const { weights, outputs } = model;
    const buckets = used(weights, outputs, from, textWidth(column));
    return { name: column.name, state: column, buckets, weights: gathered(weights, outputs, buckets, from) };
  });
  for (const block of state.blocks ?? []) {
    columns.block(block, offset);
    offset += blockWidth(block);
  }
  return { ...columns.done(), text: text.filter(({ buckets }) => buckets.length > 0), matrix: null };
}

interface Numbers {
  readonly mean: number;
  readonly scale: number;
  readonly weights: Float64Array;
  edges: readonly number[];
  bins: Float64Array;
  missing: Float64Array;
}

interface Levels {
  /** What each level adds. */
  readonly added: Map<string, Float64Array>;
  /** Those that are known to everything that refuses others, or `null` where nothing does. */
  known: Set<string> | null;
  readonly missing: Float64Array;
}

interface Cross {
  readonly names: readonly string[];
  readonly tuples: readonly (readonly string[])[];
  readonly weights: Float64Array;
  readonly missing: Float64Array | null;
}

class Columns {
  readonly #numbers = new Map<string, Numbers>();
  readonly #levels = new Map<string, Levels>();
  readonly #crosses: Cross[] = [];
  readonly #intercepts: Float64Array;
  readonly #outputs: number;

  constructor(
    readonly model: Scorer,
    readonly state: EncoderState,
  ) {
    this.#intercepts = model.intercepts.slice();
    this.#outputs = model.outputs;
  }

  /** The weights of a feature. */
  row(feature: number): Float64Array {
    return this.model.weights.slice(feature * this.#outputs, (feature + 1) * this.#outputs);
  }

  number(name: string, { mean, scale }: { mean: number; scale: number }, weights: Float64Array): void {
    const { edges, bins, missing } = this.#numberOf(name);
    this.#numbers.set(name, { mean, scale, weights, edges, bins, missing });
  }

  levels({ name, levels, other }: CategoricalState, offset: number): void {
    const shared = other === undefined ? this.#zeros() : this.row(offset + levels.length);
    const listed = levels.map((level, l) => [level, this.row(offset + l)] as const);
    if (other === "any") {
      this.#add(this.#intercepts, shared);
      this.#add(
        this.#levelsOf(name).missing,
        shared.map((w) => -w),
      );
    }
    const pooled = Array.isArray(other) ? (other as readonly string[]) : [];
    this.#addLevels(name, [
      ...listed.map(([level, w]) => [level, other === "any" ? minus(w, shared) : w] as const),
      ...pooled.map((level) => [level, shared] as const),
    ]);
  }

  block(block: BlockState, offset: number): void {
    switch (block.kind) {
      case "indicator": {
        const w = this.row(offset);
        this.#add(this.#missingOf(block.name), w);
        // To the indicator an empty level is missing, to other features of its column it is a level.
        const levels = this.#levels.get(block.name);
        if (levels === undefined) return;
        const empty = levels.added.get("") ?? this.#zeros();
        this.#add(empty, w);
        levels.added.set("", empty);
        return;
      }
      case "bins": {
        const own = this.#numberOf(block.name);
        own.edges = block.edges;
        const from = offset * this.#outputs;
        own.bins = this.model.weights.slice(from, from + (block.edges.length + 1) * this.#outputs);
        return;
      }
      case "ordinal": {
        const w = this.row(offset);
        const { mean, scale } = block;
        this.#addLevels(
          block.name,
          block.levels.map((level, l) => [level, w.map((x) => (x * (l - mean)) / scale)] as const),
        );
        return;
      }
      case "target": {
        const rows = Array.from({ length: block.outputs }, (_, o) => this.row(offset + o));
        const added = (l: number): Float64Array =>
          this.#zeros().map((_, k) =>
            rows.reduce((sum, w, o) => sum + w[k] * block.values[l * block.outputs + o], 0),
          );
        this.#addLevels(
          block.name,
          block.levels.map((level, l) => [level, added(l)] as const),
        );
        return;
      }
      case "cross": {
        const rows = block.levels.map((_, t) => this.row(offset + t));
        const shared = block.other ? this.row(offset + block.levels.length) : this.#zeros();
        // A level that nothing else reads is read for the cross.
        for (const name of block.names) this.#levelsOf(name);
        this.#add(this.#intercepts, shared);
        this.#crosses.push({
          names: block.names,
          tuples: block.levels,
          weights: Float64Array.from(rows.flatMap((w) => Array.from(minus(w, shared)))),
          missing: some(shared) ? shared.map((w) => -w) : null,
        });
        return;
      }
      case "dates":
      case "hashed":
    }
  }

  done(): Omit<PortableColumns, "text" | "matrix"> {
    const crosses = this.#crosses
      .map((cross) => this.#counting(cross))
      .filter(({ tuples, missing }) => tuples.length > 0 || missing !== null);
    const inCross = new Map(crosses.flatMap(({ names }) => names.map((name) => [name, new Set<string>()])));
    for (const { names, tuples } of crosses) {
      names.forEach((name, c) => {
        const { added } = this.#levelsOf(name);
        for (const tuple of tuples) {
          inCross.get(name)!.add(tuple[c]);
          if (!added.has(tuple[c])) added.set(tuple[c], this.#zeros());
        }
      });
    }
    const numeric: PortableNumeric[] = [];
    const bins: PortableColumns["bins"][number][] = [];
    for (const [name, own] of this.#numbers) {
      const stepped = some(own.bins) || some(own.missing);
      if (!some(own.weights) && !stepped) continue;
      if (stepped) {
        const table = own.bins.length > 0 ? own.bins : this.#zeros();
        const weights = Float64Array.from([...table, ...own.missing]);
        bins.push({ column: numeric.length, edges: own.edges, weights });
      }
      numeric.push({ name, ...rangeOf(own), weights: own.weights });
    }
    const categorical = [...this.#levels].flatMap(([name, own]) =>
      this.#column(name, own, inCross.get(name)),
    );
    const at = new Map(categorical.map(({ name }, c) => [name, c]));
    return {
      intercepts: this.#intercepts,
      numeric,
      bins,
      categorical,
      crosses: crosses.map(({ names, tuples, weights, missing }) => {
        const columns = names.map((name) => at.get(name)!);
        const numbers = columns.map((c) => new Map(categorical[c].levels.map((level, l) => [level, l])));
        return {
          columns,
          tuples: tuples.map((t) => t.map((level, c) => numbers[c].get(level)!)),
          weights,
          missing,
        };
      }),
      missing: this.state.missing,
    };
  }

  #column(name: string, own: Levels, crossed: ReadonlySet<string> | undefined): PortableCategorical[] {
    const all = [...own.added].filter(([level]) => own.known?.has(level) ?? true);
    const counts = crossed !== undefined || some(own.missing) || all.some(([, w]) => some(w));
    if (!counts) return [];
    const kept = own.known !== null ? all : all.filter(([level, w]) => some(w) || crossed?.has(level));
    const weights = Float64Array.from(kept.flatMap(([, w]) => Array.from(w)));
    const missing = some(own.missing) ? own.missing : null;
    return [{ name, levels: kept.map(([level]) => level), weights, missing, strict: own.known !== null }];
  }

  /** A cross without the tuples that count for nothing. */
  #counting(cross: Cross): Cross {
    const kept = used(cross.weights, this.#outputs, 0, cross.tuples.length);
    const tuples = Array.from(kept, (t) => cross.tuples[t]);
    return { ...cross, tuples, weights: gathered(cross.weights, this.#outputs, kept, 0) };
  }

  #addLevels(name: string, levels: readonly (readonly [string, Float64Array])[]): void {
    const { added, known } = this.#levelsOf(name);
    for (const [level, w] of levels) {
      const own = added.get(level) ?? this.#zeros();
      this.#add(own, w);
      added.set(level, own);
    }
    if (this.state.unseen === "zero") return;
    const names = levels.map(([level]) => level);
    this.#levelsOf(name).known = new Set(known === null ? names : names.filter((level) => known.has(level)));
  }

  /** What a missing value of a column adds, whatever it is read as. */
  #missingOf(name: string): Float64Array {
    const { numeric, blocks = [] } = this.state;
    const isNumber =
      numeric.some((column) => column.name === name) ||
      blocks.some((block) => block.kind === "bins" && block.name === name);
    return isNumber ? this.#numberOf(name).missing : this.#levelsOf(name).missing;
  }

  #numberOf(name: string): Numbers {
    const found = this.#numbers.get(name);
    if (found !== undefined) return found;
    const zeros = this.#zeros();
    const made = {
      mean: 0,
      scale: 1,
      weights: zeros,
      edges: [],
      bins: new Float64Array(0),
      missing: this.#zeros(),
    };
    this.#numbers.set(name, made);
    return made;
  }

  #levelsOf(name: string): Levels {
    const found = this.#levels.get(name);
    if (found !== undefined) return found;
    const made: Levels = { added: new Map(), known: null, missing: this.#zeros() };
    this.#levels.set(name, made);
    return made;
  }

  #add(to: Float64Array, w: Float64Array): void {
    for (let k = 0; k < to.length; k++) to[k] += w[k];
  }

  #zeros(): Float64Array {
    return new Float64Array(this.#outputs);
  }
}

/** Where a column has bins alone, the middle and a part of their range, for inputs of 8 bits. */
function rangeOf({ mean, scale, weights, edges }: Numbers): { mean: number; scale: number } {
  if (some(weights) || edges.length === 0) return { mean, scale };
  const [low, high] = [edges[0], edges[edges.length - 1]];
  return { mean: (low + high) / 2, scale: high > low ? (high - low) / 4 : Math.abs(low) / 4 || 1 };
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, k) => x - b[k]);
}

function some(weights: Float64Array): boolean {
  return weights.some((w) => w !== 0);
}
