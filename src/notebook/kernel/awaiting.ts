const key: unique symbol = Symbol.for("logitpress.awaiting") as never;
const never = new Promise<never>(() => undefined);
let interruptions = 0;

/**
 * What `await` and `for await` in cells and local modules go through: a loop that awaits would otherwise go on in the
 * background after the stop button, since JavaScript can't cancel it.
 */
export function watchAwaits(): void {
  Object.defineProperty(globalThis, key, { value: { one, each }, enumerable: false });
}

/** Lets nothing go on that awaits at this moment. */
export function stopAwaits(): void {
  interruptions++;
}

async function one(value: unknown): Promise<unknown> {
  const before = interruptions;
  try {
    return await value;
  } finally {
    if (before !== interruptions) await never;
  }
}

async function* each(values: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const before = interruptions;
  for await (const value of values) {
    if (before !== interruptions) await never;
    yield value;
  }
}
