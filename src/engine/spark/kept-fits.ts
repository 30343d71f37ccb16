import { crc32 } from "node:zlib";
import { Checkpoint, type FitStates } from "./checkpoint";
import { type FitState, notBegun } from "./cluster-fitter";
import type { ClusterRows } from "./cluster-plan";

/** The states of fits that go on one after another and side by side, written down round by round. */
export class KeptFits {
  readonly #states: Map<string, FitState>;
  readonly #checkpoint: Checkpoint | null;
  readonly #active = new Set<string>();
  readonly #fresh = new Set<string>();

  /**
   * @param path the file of the checkpoint, or `null` for none; what it holds already is taken up
   * @param work all that the states depend on, as plain values
   * @throws `corrupt-file`, `invalid-file` for the file
   */
  constructor(path: string | null, work: unknown) {
    this.#checkpoint = path === null ? null : new Checkpoint(path, work);
    this.#states = new Map(Object.entries(this.#checkpoint?.read() ?? {}));
  }

  /** Where a fit stands, which goes on from now. */
  begin(name: string): FitState {
    const state = this.#states.get(name) ?? notBegun;
    if (state.done === null) this.#active.add(name);
    return state;
  }

  /**
   * Takes what a fit's state has new. All are written when each that goes on has come further, so that those that share a round
   * are written once, or when one comes further twice. @throws `failed` where the disk is full
   */
  keep(name: string, own: Partial<FitState>): void {
    if (this.#checkpoint === null) return;
    this.#states.set(name, { ...(this.#states.get(name) ?? notBegun), ...own });
    const again = this.#fresh.has(name);
    this.#fresh.add(name);
    if (own.done) this.#active.delete(name);
    if (!again && ![...this.#active].every((other) => this.#fresh.has(other))) return;
    this.#fresh.clear();
    this.#checkpoint.write(Object.fromEntries(this.#states) satisfies FitStates);
  }

  /** Removes the file: the work is done. */
  remove(): void {
    this.#checkpoint?.remove();
  }
}

/** What fits depend on of the rows of a cluster, as plain values. */
export function rowsKey({ rows, masses, scale, classes }: ClusterRows): unknown {
  const sum = scale === null ? null : crc32(new Uint8Array(scale.buffer, scale.byteOffset, scale.byteLength));
  return [rows, [...masses], sum, classes];
}
