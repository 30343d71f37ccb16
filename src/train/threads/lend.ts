/** Arrays below this many bytes go from thread to thread as copies. */
const small = 65536;

/**
 * What makes values fit for other threads: large arrays lie in shared memory, copied there once however often they
 * are met, where a message would copy them twice for each thread.
 */
export function lender(): <T>(value: T) => T {
  const lent = new Map<object, object>();
  const lend = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = lent.get(value);
    if (known !== undefined) return known;
    const own = isLarge(value) ? shared(value) : isPlain(value) ? mapped(value, lend) : value;
    lent.set(value, own);
    return own;
  };
  return lend as <T>(value: T) => T;
}

/** The memory of the large arrays of a message, which is handed over instead of copied: the sender is done with it. */
export function handedOver(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (typeof value !== "object" || value === null) return found;
  if (isLarge(value)) {
    const { buffer } = value;
    if (buffer instanceof ArrayBuffer && !found.includes(buffer)) found.push(buffer);
  } else if (isPlain(value)) for (const part of Object.values(value)) handedOver(part, found);
  return found;
}

type Numbers = Float64Array | Float32Array | Uint32Array | Uint8Array;

function isLarge(value: object): value is Numbers {
  return ArrayBuffer.isView(value) && value.byteLength > small && value.buffer instanceof ArrayBuffer;
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function mapped(value: object, of: (value: unknown) => unknown): object {
  if (Array.isArray(value)) return value.map(of);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, of(part)]));
}

function shared(value: Numbers): Numbers {
  const array = value.constructor as new (buffer: SharedArrayBuffer) => Numbers;
  const copy = new array(new SharedArrayBuffer(value.byteLength));
  copy.set(value);
  return copy;
}
