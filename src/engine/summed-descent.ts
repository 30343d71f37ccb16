import type { LinearScorer } from "../model/linear";
import type { Coded } from "../quantize/codes";
import { ridgeAt } from "../quantize/curvature";
import type { Descent } from "../quantize/descend";
import { removed } from "../quantize/grid";
import { mostProposed, nothingWorth, PlacedCodes, proposed } from "../quantize/ladder";
import type { Pace } from "../train/pace";
import { type Mover, together } from "./joint-moves";
import { type PlacedProblem, problemsOf } from "./placed-problems";
import type { RowsPart, SummedTable } from "./summed-rows";
import { mostSquared } from "./table-sums";

/** Sweeps over all weights at most. */
const mostSweeps = 40;
/** Moves of a weight whose exact change is asked for in a sweep: those that the quadratic model likes best. */
const tried = 2;
/** Below this share of the objective a fall drowns in rounding. */
const leastFall = 1e-13;

/** Where the codes stand. */
interface Point {
  readonly codes: Int32Array;
  /** Mean loss, penalty and price. */
  readonly objective: number;
  /** Of the mean loss in each weight. */
  readonly slopes: Float64Array;
}

/** A move of one code, as the quadratic model has it. */
interface Proposal {
  readonly code: number;
  readonly by: number;
  /** What penalty and price change by. */
  readonly fixed: number;
  readonly estimate: number;
}

/**
 * Descent over codes by sums over rows that no memory holds, to where none of the moves that the quadratic model likes best lowers the
 * objective of all rows. A sweep asks for slopes and curvatures, for the exact changes of the two best moves of each weight, and for the
 * Hessian of those that fall, by which it chooses what goes together; what does not fall together is halved until it does, which a
 * single one will.
 */
export class SummedDescent implements Descent {
  readonly price: number;
  readonly #table: SummedTable;
  readonly #rows: RowsPart;
  readonly #model: LinearScorer;
  readonly #positions: Uint32Array;
  readonly #signal: AbortSignal | undefined;
  readonly #mass: number;
  /** The weights of each problem by the number of its first output. */
  readonly #lists = new Map<number, readonly number[]>();

  /** @param leastGain see `CodeDescent` */
  constructor(
    table: SummedTable,
    rows: RowsPart,
    model: LinearScorer,
    positions: Uint32Array,
    leastGain: number,
    signal: AbortSignal | undefined,
  ) {
    this.#table = table;
    this.#rows = rows;
    this.#model = model;
    this.#positions = positions;
    this.#signal = signal;
    this.#mass = rows.masses.reduce((sum, mass) => sum + mass, 0);
    this.price = leastGain / this.#mass;
  }

  async from(coded: Coded, intercepts: Float64Array, lambda: number, pace: Pace): Promise<Coded> {
    const placed = new PlacedCodes(this.#positions, coded, this.#model.outputs);
    let here = await this.#point(placed, placed.codes.slice(), intercepts, lambda);
    for (let sweep = 0; sweep < mostSweeps; sweep++) {
      const movers = await this.#movers(placed, here, intercepts, lambda);
      let next: Point | null = null;
      for (let count = movers.length; count > 0 && next === null; count = Math.floor(count / 2)) {
        const codes = here.codes.slice();
        for (const { i, code } of together(movers.slice(0, count))) codes[i] = code;
        await pace.rest();
        const point = await this.#point(placed, codes, intercepts, lambda);
        if (point.objective < here.objective) next = point;
      }
      if (next === null) break;
      const before = here;
      const moved = next.codes.reduce((sum, code, i) => sum + Number(code !== before.codes[i]), 0);
      here = next;
      pace.report(sweep + 1, mostSweeps, `${moved} codes moved`);
    }
    placed.codes.set(here.codes);
    const end = placed.coded();
    if (end.positions.length === 0) nothingWorth(this.price * this.#mass);
    return end;
  }

  /** The weights of codes. */
  #weights(placed: PlacedCodes, codes: Int32Array): Float64Array {
    const weights = new Float64Array(this.#model.weights.length);
    this.#positions.forEach((at, i) => {
      const ladder = placed.ladder(i);
      if (ladder !== null) weights[at] = ladder.values[ladder.codes.indexOf(codes[i])];
    });
    return weights;
  }

  async #point(
    placed: PlacedCodes,
    codes: Int32Array,
    intercepts: Float64Array,
    lambda: number,
  ): Promise<Point> {
    const { outputs, scale } = this.#model;
    const weights = this.#weights(placed, codes);
    const problems = this.#problems(weights, intercepts);
    const requests = problems.map(({ request }) => request({ kind: "gradient" }));
    const answers = await this.#table.sums(requests, this.#signal);
    let objective = answers.reduce((sum, { loss }) => sum + loss, 0);
    this.#positions.forEach((at, i) => {
      objective += (ridgeAt(at, outputs, scale, lambda) / 2) * weights[at] ** 2;
      if (codes[i] !== removed) objective += this.price;
    });
    const slopes = this.#gathered(
      problems,
      answers.map(({ gradient }) => gradient),
    );
    return { codes, objective, slopes };
  }

  /** The weights of which a move lowers the objective, those that lower it most first, as many as their Hessian has room for. */
  async #movers(
    placed: PlacedCodes,
    { codes, objective, slopes }: Point,
    intercepts: Float64Array,
    lambda: number,
  ): Promise<Mover[]> {
    const weights = this.#weights(placed, codes);
    const problems = this.#problems(weights, intercepts);
    const diagonals = await this.#table.sums(
      problems.map(({ request }) => request({ kind: "diagonal" })),
      this.#signal,
    );
    const curvatures = this.#gathered(
      problems,
      diagonals.map(({ curvature }) => curvature),
    );
    const proposals = Array.from(this.#positions, (at, i) =>
      this.#proposals(placed, i, codes[i], weights[at], slopes[i], curvatures[i], lambda),
    );
    const changes: Float64Array[] = [];
    for (let n = 0; n < tried; n++) changes.push(await this.#changes(problems, proposals, n));
    const found = proposals
      .map((own, i) => ({
        i,
        moves: own
          .map(({ code, by, fixed }, n) => ({ code, by, change: changes[n][i] + fixed }))
          .filter(({ change }) => change < -leastFall * objective),
      }))
      .filter(({ moves }) => moves.length > 0);
    const gain = ({ moves }: (typeof found)[number]) => Math.min(...moves.map(({ change }) => change));
    found.sort((a, b) => gain(a) - gain(b) || a.i - b.i);
    return await this.#coupled(problems, found.slice(0, mostSquared(this.#table)));
  }

  #proposals(
    placed: PlacedCodes,
    i: number,
    code: number,
    value: number,
    slope: number,
    curvature: number,
    lambda: number,
  ): Proposal[] {
    const ladder = placed.ladder(i);
    if (ladder === null) return [];
    const { outputs, scale } = this.#model;
    const ridge = ridgeAt(this.#positions[i], outputs, scale, lambda);
    const rung = ladder.codes.indexOf(code);
    const near = new Int32Array(mostProposed);
    proposed(ladder, rung, slope + ridge * value, curvature + ridge, this.price > 0, near);
    const { values, zero } = ladder;
    const found: Proposal[] = [];
    for (const next of new Set(near)) {
      if (next === rung || next < 0 || next >= values.length) continue;
      const by = values[next] - value;
      const priced = this.price * (Number(next !== zero) - Number(rung !== zero));
      const fixed = ridge * by * (value + by / 2) + priced;
      // The loss is above its tangent.
      if (slope * by + fixed >= 0) continue;
      const estimate = slope * by + (curvature * by * by) / 2 + fixed;
      found.push({ code: ladder.codes[next], by, fixed, estimate });
    }
    return found.sort((a, b) => a.estimate - b.estimate).slice(0, tried);
  }

  /** The exact change of the loss by the n-th move of each weight alone. */
  async #changes(
    problems: readonly PlacedProblem[],
    proposals: readonly (readonly Proposal[])[],
    n: number,
  ): Promise<Float64Array> {
    const answers = await this.#table.sums(
      problems.map((problem) => {
        const own = this.#own(problem).filter((i) => proposals[i].length > n);
        const by = Float64Array.from(own, (i) => proposals[i][n].by);
        const parameters = Uint32Array.from(own, (i) => this.#parameter(problem, i));
        return problem.request({ kind: "changes", parameters, by });
      }),
      this.#signal,
    );
    return this.#gathered(
      problems,
      answers.map(({ gradient }) => gradient),
    );
  }

  /** The weights with what ties the moves of one to those of the others. */
  async #coupled(
    problems: readonly PlacedProblem[],
    found: readonly Omit<Mover, "hessian" | "row">[],
  ): Promise<Mover[]> {
    if (found.length === 0) return [];
    const moving = new Set(found.map(({ i }) => i));
    const lists = problems.map((problem) => this.#own(problem).filter((i) => moving.has(i)));
    const asked = problems.filter((_, p) => lists[p].length > 0);
    const answers = await this.#table.sums(
      asked.map((problem) => {
        const own = lists[problems.indexOf(problem)];
        const parameters = Uint32Array.from(own, (i) => this.#parameter(problem, i));
        return problem.request({ kind: "curvature", parameters });
      }),
      this.#signal,
    );
    const places = new Map<number, Pick<Mover, "hessian" | "row">>();
    asked.forEach((problem, p) => {
      lists[problems.indexOf(problem)].forEach((i, row) => {
        places.set(i, { hessian: answers[p].curvature, row });
      });
    });
    return found.map((one) => ({ ...one, ...places.get(one.i)! }));
  }

  #problems(weights: Float64Array, intercepts: Float64Array): PlacedProblem[] {
    return problemsOf(this.#table, this.#rows, { weights, intercepts, link: this.#model.link });
  }

  /** The weights of a problem, ascending; problems have the same ones at every point. */
  #own({ first, own }: PlacedProblem): readonly number[] {
    let known = this.#lists.get(first);
    if (known === undefined) {
      const { outputs } = this.#model;
      known = Array.from(this.#positions.keys()).filter((i) => {
        const k = this.#positions[i] % outputs;
        return k >= first && k < first + own;
      });
      this.#lists.set(first, known);
    }
    return known;
  }

  /** The number of a weight in its problem's vector. */
  #parameter({ first, own }: PlacedProblem, i: number): number {
    const { outputs } = this.#model;
    const at = this.#positions[i];
    return Math.floor(at / outputs) * own + (at % outputs) - first;
  }

  /** One number a weight of sums over all parameters of each problem. */
  #gathered(problems: readonly PlacedProblem[], sums: readonly Float64Array[]): Float64Array {
    const out = new Float64Array(this.#positions.length);
    problems.forEach((problem, p) => {
      for (const i of this.#own(problem)) out[i] = sums[p][this.#parameter(problem, i)];
    });
    return out;
  }
}
