/** Writes messages of Protocol Buffers, as far as ONNX files need them. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** An integer, by its number in the message. Negative ones are written in 64 bits. */
  int(field: number, value: number | bigint): this {
    return this.#push(varint(BigInt(field * 8))).#push(varint(BigInt.asUintN(64, BigInt(value))));
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    return this.#push(varint(BigInt(field * 8 + 5))).#push(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Bytes, a text in UTF-8, or a message in the message. */
  bytes(field: number, value: Uint8Array | string | Message): this {
    const bytes =
      typeof value === "string"
        ? new TextEncoder().encode(value)
        : value instanceof Message
          ? value.toBytes()
          : value;
    return this.#push(varint(BigInt(field * 8 + 2)))
      .#push(varint(BigInt(bytes.length)))
      .#push(bytes);
  }

  /** Integers in one field. */
  packed(field: number, values: Iterable<number | bigint>): this {
    const all = new Message();
    for (const value of values) all.#push(varint(BigInt.asUintN(64, BigInt(value))));
    return this.bytes(field, all);
  }

  /** The message. */
  toBytes(): Uint8Array {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#size += part.length;
    return this;
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  bytes.push(Number(left));
  return Uint8Array.from(bytes);
}
