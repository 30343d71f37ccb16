import type { Label } from "../../matrix/dataset";
import type { Portable } from "../portable";
import type { ElementType, Graph } from "./graph";

/** Adds the outputs `label` and `probabilities` of margins (double, N x outputs). */
export function addLink(graph: Graph, p: Portable, margins: string): void {
  const { classes, link } = p;
  const axis = graph.constant("int64", [1], [1]);
  let shares: string;
  if (link === "softmax") shares = graph.node("Softmax", [margins], { axis: { int: 1 } });
  else if (link === "binary") {
    const other = graph.node("Sigmoid", [graph.node("Neg", [margins])]);
    shares = graph.node("Concat", [other, graph.node("Sigmoid", [margins])], { axis: { int: 1 } });
  } else {
    const sigmoids = graph.node("Sigmoid", [margins]);
    const sum = graph.node("ReduceSum", [sigmoids, axis], { keepdims: { int: 1 } });
    const none = graph.node("Equal", [sum, graph.constant("double", [], [0])]);
    const even = graph.constant("double", [], [1 / classes.length]);
    shares = graph.node("Where", [none, even, graph.node("Div", [sigmoids, sum])]);
  }
  graph.node("Cast", [shares], { to: { int: 1 } }, { output: "probabilities" });
  const best =
    link === "binary"
      ? graph.node(
          "Squeeze",
          [
            graph.node("Cast", [graph.node("Greater", [margins, graph.constant("double", [], [p.cut])])], {
              to: { int: 7 },
            }),
            axis,
          ],
          {},
        )
      : graph.node("ArgMax", [margins], { axis: { int: 1 }, keepdims: { int: 0 } });
  const whole = graph.node("ReduceSum", [margins, axis], { keepdims: { int: 0 } });
  const invalid = graph.node("IsNaN", [whole]);
  const number = graph.node("Where", [invalid, graph.constant("int64", [], [classes.length]), best]);
  const labels = labelsOf(classes);
  const table =
    labels.type === "string"
      ? graph.texts(labels.values)
      : graph.constant(labels.type, [labels.values.length], labels.values);
  graph.node("Gather", [table, number], { axis: { int: 0 } }, { output: "label" });
  graph.output("label", labels.type, ["N"]);
  graph.output("probabilities", "float", ["N", classes.length]);
}

type Labels =
  | { readonly type: "string"; readonly values: readonly string[] }
  | {
      readonly type: Extract<ElementType, "int64" | "double">;
      readonly values: readonly (number | bigint)[];
    };

/** Labels in one type, and after them what stands for a row that is refused. */
function labelsOf(classes: readonly Label[]): Labels {
  const whole = classes.every((c) => typeof c === "boolean" || Number.isSafeInteger(c));
  if (whole && new Set(classes.map(Number)).size === classes.length) {
    return { type: "int64", values: [...classes.map((c) => BigInt(Number(c))), -(2n ** 63n)] };
  }
  if (classes.every((c) => typeof c === "number")) {
    return { type: "double", values: [...(classes as number[]), Number.NaN] };
  }
  return { type: "string", values: [...classes.map(String), ""] };
}
