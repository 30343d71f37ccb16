import { centre, centreSlopes, farMeans, uncentreStep } from "./centring";
import { Leap } from "./leap";
import type { Model } from "./model";
import { isSafe, safetyRoom } from "./six-digits";
import { SweptModel } from "./swept-model";
import type { WorkingSet } from "./working-set";

/** A model whose Hessian is at hand: sweeps cost nothing of the rows, and few parameters reach its minimum in leaps. */
export abstract class HessianModel extends SweptModel implements Model {
  readonly idle = true;
  abstract readonly renewal: number;
  /** Whether columns far from zero are measured from their means. */
  protected readonly centres: boolean = true;
  readonly states: readonly Float64Array[];
  /** The Hessian of the loss, row after row, both triangles. */
  protected readonly H: Float64Array;
  /** The model's gradient at `u`. */
  readonly #q: Float64Array;
  readonly #leap: Leap | null;
  /** Where the intercept of each parameter's class is, the means of columns far from zero, and room for {@link end}; `null` without intercepts. */
  readonly #centring: { intercepts: Uint32Array; means: Float64Array; end: Float64Array } | null;
  #centred = false;
  #factor: Float64Array | undefined;

  constructor(set: WorkingSet) {
    super(set);
    const { arena } = set.design;
    this.H = arena.floats(set.size ** 2);
    this.#q = arena.floats(set.size);
    this.states = [this.#q];
    const { intercepts } = set;
    this.#centring = intercepts && { intercepts, means: arena.floats(set.size), end: arena.floats(set.size) };
    this.#leap = set.longest === 1 ? new Leap(set, this.H, this.u, this.#q) : null;
  }

  /**
   * Writes the Hessian at the loss's last point to `H`, and its diagonal to `d`.
   * @param stride of so many rows one will do
   */
  protected abstract form(stride: number): void;

  begin(u: Float64Array, g: Float64Array, keep = false, stride = 1): void {
    this.take(u, g);
    if (!keep) {
      this.form(stride);
      this.#centre();
      this.majorize(this.#centred);
    }
    if (this.#centred) centreSlopes(this.g, this.#centring!.intercepts, this.#centring!.means);
    this.#q.set(this.g);
  }

  get uneven(): boolean {
    return this.#centred;
  }

  end(): Float64Array {
    if (!this.#centred) return this.u;
    const { intercepts, means, end } = this.#centring!;
    for (let a = 0; a < end.length; a++) end[a] = this.u[a] - this.start[a];
    uncentreStep(end, intercepts, means);
    for (let a = 0; a < end.length; a++) end[a] += this.start[a];
    return end;
  }

  /** Whether the Hessian has columns far from zero, which six digits would not tell from the intercept's. */
  protected liesFar(): boolean {
    return this.#centring !== null && farMeans(this.H, this.#centring.intercepts, this.#centring.means);
  }

  #centre(): void {
    this.#centred = this.centres && this.liesFar();
    if (this.#centred) centre(this.H, this.#centring!.intercepts, this.#centring!.means, this.d);
  }

  /** Whether no columns are so much alike that six digits of the Hessian would not tell them apart. */
  protected isSafe(): boolean {
    const { size, design } = this.set;
    this.#factor ??= design.arena.scratch(safetyRoom(size));
    return isSafe(design.kernels, this.H, this.d, this.#factor);
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    return kernels.descendGram(
      ...this.common(list, count),
      this.set.size,
      this.H.byteOffset,
      this.#q.byteOffset,
    );
  }

  leap(): boolean {
    return this.#leap?.go() === true;
  }

  value(): number {
    let sum = 0;
    for (let a = 0; a < this.set.size; a++) sum += (this.g[a] + this.#q[a]) * (this.u[a] - this.start[a]);
    return sum / 2;
  }
}
