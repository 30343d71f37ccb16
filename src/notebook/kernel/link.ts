import type { MessagePort } from "node:worker_threads";
import type { CommFrame } from "../comm";
import type { CommArrival } from "../comm-registry";
import { messageOverhead, overhead } from "./flow";
import type { Failure } from "./messages";
import type { Converted, Program } from "./program";
import type { ChildFiles } from "./protocol/child-output";

/** An expression that the front end wants evaluated after a cell. */
export interface Expression {
  readonly name: string;
  readonly converted: Converted;
}

/** A cell to run. */
export interface Cell {
  /** Counts all cells of the process, silent ones too. */
  readonly id: number;
  readonly program: Program;
  readonly allowStdin: boolean;
  readonly expressions: readonly Expression[];
}

/** How a cell ended. Bundles are JSON already. */
export interface Outcome {
  readonly failure?: Failure;
  readonly result?: string;
  readonly userExpressions?: string;
  readonly payload?: readonly object[];
}

/** What the protocol's thread sends to the thread that runs cells. */
export type ToMain =
  | { readonly kind: "execute"; readonly cell: Cell }
  | { readonly kind: "keys"; readonly id: number; readonly path: readonly string[] }
  | { readonly kind: "interrupt"; readonly id: number }
  | { readonly kind: "comm"; readonly id: number; readonly arrival: CommArrival }
  | { readonly kind: "children"; readonly files: ChildFiles | undefined }
  | { readonly kind: "signals" }
  | { readonly kind: "exit" };

/** What the thread that runs cells sends back. */
export type FromMain =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly kind: "publish";
      readonly type: "display_data" | "update_display_data" | "clear_output";
      readonly content: string;
    }
  | { readonly kind: "input"; readonly prompt: string; readonly password: boolean }
  | { readonly kind: "finished"; readonly cell: number; readonly outcome: Outcome }
  | { readonly kind: "keys"; readonly id: number; readonly keys: readonly string[] }
  | { readonly kind: "packages" }
  | { readonly kind: "interrupted"; readonly id: number }
  | { readonly kind: "comm"; readonly frame: CommFrame }
  | { readonly kind: "handling"; readonly id: number; readonly stage: CommStage }
  | { readonly kind: "drain" }
  | { readonly kind: "quit" }
  | { readonly kind: "leaving" };

/** How far the handler of a comm's message is: entered, left but for promises, done. */
export type CommStage = "started" | "returned" | "settled";

/** What messages count for in the flow to the front ends. Each end of it has one, which is shown all messages in order. */
export class Costs {
  /** The stream whose prints are gathered into one message. */
  #open: "stdout" | "stderr" | undefined;

  of(message: FromMain): number {
    switch (message.kind) {
      case "stream": {
        const { name, text } = message;
        const opens = name !== this.#open;
        this.#open = name;
        return (opens ? messageOverhead : overhead) + text.length;
      }
      case "publish":
        this.#open = undefined;
        return messageOverhead + message.content.length;
      case "comm": {
        this.#open = undefined;
        const { content, buffers } = message.frame;
        return buffers.reduce((sum, { byteLength }) => sum + byteLength, messageOverhead + content.length);
      }
      default:
        return 0;
    }
  }
}

/** What the worker is started with. */
export interface WorkerStart {
  readonly connectionFile: string;
  /** One Int32: 1 when an answer to `input` waits. */
  readonly bell: SharedArrayBuffer;
  /** Carries answers to `input` past the event loop. */
  readonly typed: MessagePort;
  /** What `Flow` counts in. */
  readonly flow: SharedArrayBuffer;
  /** What the main thread's heap may have, in bytes. */
  readonly heapLimit: number;
  /** Two Int32: 1 while the main thread waits for a child process; 1 once what a child has written is read. */
  readonly waiting: SharedArrayBuffer;
}

/** The answer to `input`; undefined when it was interrupted. */
export interface Typed {
  readonly text: string | undefined;
}
