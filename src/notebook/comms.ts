import { fail } from "../base/errors";
import type { Comm, CommOptions } from "./comm";
import type { CommHandler, CommRegistry } from "./comm-registry";
import { transport } from "./transport";

/**
 * Comms of the Jupyter protocol: what widgets and extensions of front ends talk through. Messages from front ends are
 * handled when no cell is running and while one awaits; what a handler prints belongs to the message.
 */
export const comms: {
  /** Calls `handler` when a front end opens a comm of `target`. Returns a function that takes it away. */
  register(target: string, handler: CommHandler): () => void;
  /** Opens a comm of `target` at the front ends. @throws `failed` outside a notebook */
  open(target: string, data?: object, options?: CommOptions): Comm;
  /** The comms that are open. */
  list(): Comm[];
} = {
  register: (target, handler) => registry().register(target, handler),
  open: (target, data = {}, options = {}) => registry().open(target, data, options),
  list: () => registry().list(),
};

function registry(): CommRegistry {
  const found = transport()?.comms;
  if (found !== undefined) return found;
  return fail("failed", {
    thing: "comm",
    expected: "a notebook that runs on the logitpress kernel",
    remedy: "Run this in a cell.",
  });
}
