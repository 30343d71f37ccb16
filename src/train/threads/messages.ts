import type { Complaint, ErrorCode } from "../../base/errors";
import type { SharedMemory } from "../../simd/memory";
import type { Control } from "../../simd/team";
import type { DesignPlace } from "../design";
import type { Job, JobResult } from "../job";
import type { LayoutTask } from "../layout";

/** Asks a thread to do a job on a design, with the help of the threads that serve `control`. */
interface JobRequest {
  readonly kind: "job";
  readonly module: object;
  /** Equal for jobs on one design. */
  readonly id: number;
  readonly place: DesignPlace;
  readonly job: Job;
  readonly control: Control | null;
  /** One integer, set to 1 when the job is to end. */
  readonly cancel: Int32Array;
}

/** Asks a thread to help the team of a control block until that is closed. */
export interface ServeRequest {
  readonly kind: "serve";
  readonly module: object;
  readonly shared: SharedMemory;
  readonly control: Control;
}

/** Asks a thread to lay a design out for passes. */
interface LayoutRequest {
  readonly kind: "layout";
  readonly module: object;
  readonly id: number;
  readonly place: DesignPlace;
  readonly task: LayoutTask;
  readonly cancel: Int32Array;
}

/** What a thread is asked and answers. */
export type Question = JobRequest | LayoutRequest;

/** What a thread is asked. */
export type Request = Question | ServeRequest;

/** What a thread tells of its job. */
export type Reply =
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly message: string }
  | { readonly kind: "result"; readonly result: JobResult }
  | { readonly kind: "placed"; readonly place: DesignPlace }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly complaint: Complaint }
  | { readonly kind: "broken"; readonly message: string; readonly stack: string };
