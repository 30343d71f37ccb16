// biome-ignore lint/suspicious/noTsIgnore: the error is there only where a project has no danfo, for which a DataFrame is any value
/** @ts-ignore */
export type { DataFrame } from "danfojs-node";
