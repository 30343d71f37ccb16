import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { type Header, type Incoming, protocolVersion } from "../messages";

const delimiter = Buffer.from("<IDS|MSG>");
const loneSurrogates = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A part of a message as zeromq takes it. */
export type Frame = Uint8Array | string;

/** A message to send: `content` and `metadata` are objects or JSON that another thread has written already. */
export interface Outgoing {
  readonly type: string;
  readonly identities: readonly (Buffer | string)[];
  readonly parent: Header | undefined;
  readonly content: object | string;
  readonly metadata?: object | string;
  readonly buffers?: readonly Uint8Array[];
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
  encode({ type, identities, parent, content, metadata, buffers }: Outgoing): Frame[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    const parts = [header, parent ?? {}, metadata ?? {}, content].map(json);
    return [...identities, delimiter, this.#sign(parts), ...parts, ...(buffers ?? [])];
  }

  /** The message in `frames`; undefined when it is malformed or its signature is wrong. */
  decode(frames: readonly Buffer[]): Incoming | undefined {
    const start = frames.findIndex((frame) => frame.equals(delimiter));
    if (start < 0 || frames.length < start + 6) return undefined;
    const parts = frames.slice(start + 2, start + 6);
    if (this.#key !== "" && !same(frames[start + 1]!.toString(), this.#sign(parts))) return undefined;
    try {
      const [header, , metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      if (!isHeader(header) || !isObject(content) || !isObject(metadata)) return undefined;
      return {
        identities: frames.slice(0, start),
        header,
        content,
        metadata,
        buffers: frames.slice(start + 6),
      };
    } catch {
      return undefined;
    }
  }

  #sign(parts: readonly Frame[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** Lone surrogates, which JSON escapes, are no text: front ends fail on them when they save. */
function json(value: object | string): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.includes("\\ud") ? text.replace(loneSurrogates, "$1\\ufffd") : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHeader(value: unknown): value is Header {
  return isObject(value) && typeof value.msg_id === "string" && typeof value.msg_type === "string";
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
