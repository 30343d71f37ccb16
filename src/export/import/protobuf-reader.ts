import { fail } from "../../base/errors";

/** A field of a message: a number, or bytes. */
export interface Field {
  readonly field: number;
  /** An integer, or the bits of a fixed-width number. */
  readonly int: bigint;
  readonly bytes: Uint8Array;
}

/** The fields of a message of Protocol Buffers, in the order of the bytes. @throws `invalid-file` where they are no message */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) broken();
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    return broken();
  };
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - at) broken();
    at += count;
    return bytes.subarray(at - count, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = Math.floor(key / 8);
    const none = new Uint8Array(0);
    if (key % 8 === 0) fields.push({ field, int: varint(), bytes: none });
    else if (key % 8 === 1) fields.push({ field, int: 0n, bytes: take(8) });
    else if (key % 8 === 2) fields.push({ field, int: 0n, bytes: take(Number(varint())) });
    else if (key % 8 === 5) fields.push({ field, int: 0n, bytes: take(4) });
    else broken();
  }
  return fields;
}

/** A signed 64-bit integer as a number. */
function signed(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

/** The integers of a repeated field, packed or not. */
export function integers(fields: readonly Field[], field: number): number[] {
  return fields
    .filter((f) => f.field === field)
    .flatMap(({ int, bytes }) => {
      if (bytes.length === 0) return [signed(int)];
      const list: number[] = [];
      let value = 0n;
      let shift = 0n;
      for (const byte of bytes) {
        value |= BigInt(byte & 127) << shift;
        shift += 7n;
        if (byte >= 128) continue;
        list.push(signed(BigInt.asUintN(64, value)));
        value = 0n;
        shift = 0n;
      }
      return list;
    });
}

/** The floats of a repeated field, packed or not. */
export function floats(fields: readonly Field[], field: number, size: 4 | 8): number[] {
  return fields
    .filter((f) => f.field === field)
    .flatMap(({ bytes }) => {
      if (bytes.length % size !== 0) broken();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Array.from({ length: bytes.length / size }, (_, i) =>
        size === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true),
      );
    });
}

/** The text of a field, empty where it is not there. */
export function textOf(fields: readonly Field[], field: number): string {
  const found = fields.find((f) => f.field === field);
  return found === undefined ? "" : new TextDecoder().decode(found.bytes);
}

function broken(): never {
  return fail("invalid-file", { thing: "ONNX file", expected: "a message of Protocol Buffers" });
}
