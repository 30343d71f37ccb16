/** Keeps back the warnings of a call, and no other. */
export function silently<T>(call: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (() => undefined) as typeof process.emitWarning;
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}
