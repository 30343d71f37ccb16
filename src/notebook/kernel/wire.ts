import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { type Header, type Incoming, protocolVersion } from "./messages";

const delimiter = Buffer.from("<IDS|MSG>");

/** A message to send: `content` is an object or JSON that another thread has written already. */
export interface Outgoing {
  readonly type: string;
  readonly identities: readonly (Buffer | string)[];
  readonly parent: Header | undefined;
  readonly content: object | string;
}

/** Frames, signs and checks messages. Its key never leaves it. */
export class Wire {
  readonly #key: string;
  readonly #algorithm: string;
  readonly session: string = randomUUID();

  constructor(key: string, scheme: string) {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, "");
  }

  /** The frames of a message, signed. */
  encode({ type, identities, parent, content }: Outgoing): (Buffer | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    const body = typeof content === "string" ? content : JSON.stringify(content);
    const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), "{}", body];
    return [...identities, delimiter, this.#sign(parts), ...parts];
  }

  /** The message in `frames`; undefined when it is malformed or its signature is wrong. */
  decode(frames: readonly Buffer[]): Incoming | undefined {
    const start = frames.findIndex((frame) => frame.equals(delimiter));
    if (start < 0 || frames.length < start + 6) return undefined;
    const parts = frames.slice(start + 2, start + 6);
    if (this.#key !== "" && !same(frames[start + 1]!.toString(), this.#sign(parts))) return undefined;
    try {
      const [header, , , content] = parts.map((part) => JSON.parse(part.toString()));
      return { identities: frames.slice(0, start), header, content };
    } catch {
      return undefined;
    }
  }

  #sign(parts: readonly (Buffer | string)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
