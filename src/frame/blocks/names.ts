import type { BlockState } from "./state";

/** What the features of a block are called, e.g. `age missing`, `30<=age<40`, `city=Rome & day=Monday`. */
export function blockName(block: BlockState, feature: number): string {
  switch (block.kind) {
    case "indicator":
      return `${block.name} missing`;
    case "bins":
      return binName(block.name, block.edges, feature);
    case "ordinal":
      return block.name;
    case "dates":
      return `${block.name} ${block.cycles[feature >> 1]} ${feature % 2 === 0 ? "sine" : "cosine"}`;
    case "hashed":
      return `${block.names.join(" & ")}#${feature}`;
    case "cross": {
      const levels = block.levels[feature];
      if (levels === undefined) return `${block.names.join(" & ")} other`;
      return block.names.map((name, k) => `${name}=${levels[k]}`).join(" & ");
    }
    case "target":
      return block.outputs === 1 ? `${block.name} target` : `${block.name} target ${feature}`;
  }
}

function binName(name: string, edges: readonly number[], bin: number): string {
  if (edges.length === 0) return `${name} present`;
  if (bin === 0) return `${name}<${edges[0]}`;
  if (bin === edges.length) return `${name}>=${edges[bin - 1]}`;
  return `${edges[bin - 1]}<=${name}<${edges[bin]}`;
}
