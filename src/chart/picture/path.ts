/** A length in pixels, in tenths, as short as SVG allows. What lies far outside the picture comes nearer. */
export function px(value: number): string {
  return tenths(Math.round(within(value) * 10));
}

/** Puts the data of a path together: moves and lines relative to the last point, which is shorter. */
export class Path {
  #data = "";
  #x = 0;
  #y = 0;

  /** Begins at a point. */
  move(x: number, y: number): this {
    return this.#step("m", x, y);
  }

  /** Goes on to a point in a straight line; no step where it rounds to the same place. */
  line(x: number, y: number): this {
    const [a, b] = [Math.round(within(x) * 10), Math.round(within(y) * 10)];
    return a === this.#x && b === this.#y ? this : this.#step("l", x, y);
  }

  /** A dot, for a stroke with round ends. */
  dot(x: number, y: number): this {
    this.#step("m", x, y);
    this.#data += "h0";
    return this;
  }

  /** A rectangle by two corners. */
  box(left: number, top: number, right: number, bottom: number): this {
    this.#step("m", left, top);
    const [wide, high] = [
      Math.round(within(right) * 10) - this.#x,
      Math.round(within(bottom) * 10) - this.#y,
    ];
    this.#data += `h${tenths(wide)}v${tenths(high)}h${tenths(-wide)}z`;
    return this;
  }

  /** The value of the attribute `d`; empty where nothing was drawn. */
  toString(): string {
    return this.#data;
  }

  #step(letter: "m" | "l", x: number, y: number): this {
    const [a, b] = [Math.round(within(x) * 10), Math.round(within(y) * 10)];
    const [across, down] = [tenths(a - this.#x), tenths(b - this.#y)];
    this.#data += `${letter}${across}${down.startsWith("-") ? "" : " "}${down}`;
    this.#x = a;
    this.#y = b;
    return this;
  }
}

function within(value: number): number {
  return Math.min(Math.max(value, -20_000), 20_000);
}

function tenths(count: number): string {
  return String(count / 10).replace(/^(-?)0\./, "$1.");
}
