import { columnOf, type Frame, numberColumn } from "../columns";
import type { BlockPlan } from "../encoder-spec";
import { fitBins } from "./bins";
import { fitCross } from "./cross";
import { fitOrdinal } from "./ordinal";
import type { BlockState } from "./state";
import { fitTarget, type Targets } from "./target";

/** What a block learns of the rows of a table. @throws as the encoder's `fit` */
export function fitBlock(
  plan: BlockPlan,
  frame: Frame,
  targets: Targets,
  missing: "error" | "mean",
  unseen: "zero" | "error" | "level",
): BlockState {
  switch (plan.kind) {
    case "bins":
      return fitBins(plan.name, numberColumn(frame, plan.name), plan.bins, missing);
    case "ordinal":
      return fitOrdinal(plan.name, columnOf(frame, plan.name), plan.levels, missing);
    case "target":
      return fitTarget(plan, columnOf(frame, plan.name), targets, missing);
    case "cross": {
      const columns = plan.names.map((name) => columnOf(frame, name));
      return fitCross(plan.names, columns, missing, { rare: plan.rare, unseen });
    }
    case "hashed":
    case "dates":
      return plan;
  }
}
