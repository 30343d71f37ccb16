import { displaySymbol, type MimeBundle } from "../base/display";
import { checkShape } from "../base/shape";
import type { Comm, CommMessage, CommOptions } from "./comm";
import { comms } from "./comms";
import { packBuffers, unpackBuffers } from "./widget-buffers";

/** The state of a widget: `_model_name`, `_model_module` and the like, and the widget's own values. */
export type WidgetState = Readonly<Record<string, unknown>>;

const target = "jupyter.widget";
const metadata = { version: "2.1.0" };

/**
 * The kernel's side of a Jupyter widget: its state, kept equal at all front ends by the widget protocol 2.1. Which
 * widget it is says the state, so every widget that is installed at the front end can be had:
 * `new WidgetModel({ _model_module: "@jupyter-widgets/controls", _model_name: "IntSliderModel", ... })`.
 */
export class WidgetModel {
  /** The line to the widget's other side. */
  readonly comm: Comm;
  #state: Record<string, unknown>;
  readonly #changed = new Set<(state: WidgetState) => unknown>();
  readonly #custom = new Set<(content: unknown, buffers: readonly Uint8Array[]) => unknown>();

  /** @param comm a comm that a front end has opened, whose own state `state` then is */
  constructor(state: WidgetState, comm?: Comm) {
    checkShape(state, "state of a widget", "an object of its values", {});
    if (comm !== undefined) checkShape(comm, "comm", "what comms.open returns", { onMessage: "function" });
    this.#state = { ...state };
    this.comm = comm ?? comms.open(target, ...stateMessage(undefined, state));
    this.comm.onMessage((message) => this.#receive(message));
  }

  /** Makes a model of each widget that a front end opens. Returns a function that stops it. */
  static accept(made: (model: WidgetModel) => unknown): () => void {
    return comms.register(target, (comm, { data, buffers }) =>
      made(new WidgetModel(stateOf(data, buffers), comm)),
    );
  }

  /** The state that both sides share. */
  get state(): WidgetState {
    return this.#state;
  }

  /** Changes values here and at all front ends. */
  set(values: WidgetState): void {
    this.#state = { ...this.#state, ...values };
    this.comm.send(...stateMessage("update", values));
  }

  /** Sends a message of the widget's own kind. */
  send(content: object, options: CommOptions = {}): void {
    this.comm.send({ method: "custom", content }, options);
  }

  /** Calls `listener` with the values that a front end has changed. Returns a function that takes it away. */
  onChange(listener: (values: WidgetState) => unknown): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** Calls `listener` with messages of the widget's own kind. Returns a function that takes it away. */
  onCustom(listener: (content: unknown, buffers: readonly Uint8Array[]) => unknown): () => void {
    this.#custom.add(listener);
    return () => this.#custom.delete(listener);
  }

  /** Takes the widget from the page. */
  close(): void {
    this.comm.close();
  }

  async #receive({ data, buffers }: CommMessage): Promise<void> {
    switch (data.method) {
      case "update": {
        const values = stateOf(data, buffers);
        this.#state = { ...this.#state, ...values };
        // So that other front ends follow and the one that asked knows in which order its changes took place.
        this.comm.send(...stateMessage("echo_update", values));
        await Promise.all([...this.#changed].map((listener) => listener(values)));
        return;
      }
      case "request_state":
        return this.comm.send(...stateMessage("update", this.#state));
      case "custom":
        await Promise.all([...this.#custom].map((listener) => listener(data.content, buffers)));
    }
  }
}

Object.defineProperty(WidgetModel.prototype, displaySymbol, {
  value(this: WidgetModel): MimeBundle {
    return {
      "application/vnd.jupyter.widget-view+json": {
        version_major: 2,
        version_minor: 0,
        model_id: this.comm.id,
      },
      "text/plain": String(this.state._model_name ?? "Widget"),
    };
  },
});

function stateMessage(method: string | undefined, values: WidgetState): [object, CommOptions] {
  const { state, paths, buffers } = packBuffers(values);
  if (method === undefined)
    return [
      { state, buffer_paths: paths },
      { metadata, buffers },
    ];
  return [{ method, state, buffer_paths: paths }, { buffers }];
}

function stateOf(data: CommMessage["data"], buffers: readonly Uint8Array[]): Record<string, unknown> {
  return unpackBuffers((data.state ?? {}) as Record<string, unknown>, data.buffer_paths, buffers);
}
