/** Reads bits, low bits of each byte first. */
export class BitReader {
  #at = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** Called where the bits have run out or are not as they must be. */
    readonly wrong: (expected: string) => never,
  ) {}

  bit(): number {
    if (this.#at >= 8 * this.bytes.length) this.wrong("more bits");
    const bit = (this.bytes[this.#at >> 3] >> (this.#at & 7)) & 1;
    this.#at++;
    return bit;
  }

  bits(width: number): number {
    let value = 0;
    for (let bit = 0; bit < width; bit++) value += this.bit() * 2 ** bit;
    return value;
  }

  /** Throws unless what is left is less than a byte, of zeros. */
  end(): void {
    if (8 * this.bytes.length - this.#at >= 8) this.wrong("fewer bytes");
    while (this.#at < 8 * this.bytes.length) if (this.bit() === 1) this.wrong("zeros after the last bit");
  }
}
