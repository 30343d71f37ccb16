/** A WebAssembly memory, as far as it is used here; Node's types leave WebAssembly to the DOM's. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface Host {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

/** The engine's WebAssembly object. */
export const wasm: Host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
