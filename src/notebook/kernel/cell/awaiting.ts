const key: unique symbol = Symbol.for("logitpress.awaiting") as never;

/** What was awaited has come to, and in which cell's work. */
type Settled =
  | { readonly cell: number; readonly value: unknown }
  | { readonly cell: number; readonly error: unknown };

let current = 0;
const stopped = new Set<number>();

/**
 * What `await` and `for await` in cells and local modules go through: a loop that awaits would otherwise go on in the
 * background after the stop button, since JavaScript can't cancel it. `await x` is `back(await one(x))`.
 */
export function watchAwaits(): void {
  Object.defineProperty(globalThis, key, { value: { one, back, each }, enumerable: false });
}

/** Notes that what runs from now on is the work of a cell, until something comes back from an `await`. */
export function enterCell(cell: number): void {
  current = cell;
}

/** Lets no work of the cell go on that awaits, now or later. */
export function stopCell(cell: number): void {
  stopped.add(cell);
}

// A new one each time: one for all would hold whatever waits for it, for good.
function never(): Promise<never> {
  return new Promise(() => undefined);
}

async function one(value: unknown): Promise<Settled> {
  const cell = current;
  let settled: Settled;
  try {
    settled = { cell, value: await value };
  } catch (error) {
    settled = { cell, error };
  }
  if (stopped.has(cell)) await never();
  return settled;
}

// Here and not at the end of `one`, between which and the code that awaits other work may run.
function back(settled: Settled): unknown {
  current = settled.cell;
  if ("error" in settled) throw settled.error;
  return settled.value;
}

async function* each(values: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const cell = current;
  for await (const value of values) {
    if (stopped.has(cell)) await never();
    current = cell;
    yield value;
  }
}
