/** The header of a message of the Jupyter protocol. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** What a comm sends in either direction, without a reply. */
export type CommType = "comm_open" | "comm_msg" | "comm_close";

/** Every request that the kernel answers. */
export type RequestType =
  | "kernel_info_request"
  | "execute_request"
  | "complete_request"
  | "inspect_request"
  | "is_complete_request"
  | "history_request"
  | "comm_info_request"
  | "interrupt_request"
  | "shutdown_request";

/** The type of the reply to a request, which can't be another. */
type ReplyType<R extends RequestType> = R extends `${infer Name}_request` ? `${Name}_reply` : never;

/** What the kernel publishes to all front ends. */
export type BroadcastType =
  | "status"
  | "execute_input"
  | "execute_result"
  | "error"
  | "stream"
  | "display_data"
  | "update_display_data"
  | "clear_output"
  | CommType
  | "iopub_welcome"
  | "shutdown_reply";

/** A message as it came in. */
export interface Incoming {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Buffer[];
}

/** What an `error` message says; also part of an `execute_reply`. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** The version of the Jupyter protocol that the kernel speaks. */
export const protocolVersion: string = "5.4";

/** The reply to `type`. */
export function replyTo<R extends RequestType>(type: R): ReplyType<R> {
  return type.replace(/_request$/, "_reply") as ReplyType<R>;
}
