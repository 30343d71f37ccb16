const most = 1000;

/**
 * The names of the properties of a variable's value, e.g. of `data.rows`, for values of which the types say nothing.
 * Getters are not called: completing must not change anything.
 */
export function keysOf(scope: Readonly<Record<string, unknown>>, path: readonly string[]): string[] {
  const [first, ...rest] = path;
  let value: unknown = Object.hasOwn(scope, first!) ? scope[first!] : (globalThis as never)[first!];
  for (const name of rest) value = property(value, name);
  const found = new Set<string>();
  for (const owner of chain(value)) {
    for (const key of Object.getOwnPropertyNames(owner)) {
      if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)) found.add(key);
      if (found.size === most) return [...found];
    }
  }
  found.delete("constructor");
  return [...found];
}

function property(value: unknown, name: string): unknown {
  for (const owner of chain(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

/** A value and its prototypes, but for that of all objects. */
function* chain(value: unknown): Generator<object> {
  if (value === null || value === undefined) return;
  for (let owner = Object(value); owner !== null; owner = Object.getPrototypeOf(owner)) {
    if (owner === Object.prototype && owner !== value) return;
    yield owner as object;
  }
}
