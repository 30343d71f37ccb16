/** A WebAssembly memory, as far as it is used here; Node's types leave WebAssembly to the DOM's. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** A memory that no other thread sees. */
export interface AloneMemory {
  readonly buffer: ArrayBuffer;
}

interface Host {
  readonly Memory: {
    new (limits: { initial: number; maximum: number; shared: true }): WasmMemory;
    new (limits: { initial: number; maximum: number }): AloneMemory;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory | AloneMemory } },
  ) => { readonly exports: unknown };
}

/** The engine's WebAssembly object. */
export const wasm: Host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
