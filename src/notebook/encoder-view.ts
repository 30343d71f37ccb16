import { counted, grouped, significant } from "../chart/format";
import type { BlockState } from "../frame/blocks/state";
import { blockColumns, blockWidth } from "../frame/blocks/state";
import type { TableEncoder } from "../frame/encoder";
import { levelWidth, type TextState, textWidth } from "../frame/encoder-state";
import type { ResultView } from "./views";

const mostShown = 60;

type Line = readonly [column: string, becomes: string, features: number];

/** A line for each column of a table, in the order of the features. */
export function encoderView(encoder: TableEncoder): ResultView {
  const { label, classes, numeric, categorical, text, blocks = [], missing, unseen } = encoder.state();
  const lines: Line[] = [
    ...numeric.map(
      ({ name, mean, scale }): Line => [
        name,
        `(x ${mean < 0 ? "+" : "-"} ${significant(Math.abs(mean), 3)}) / ${significant(scale, 3)}`,
        1,
      ],
    ),
    ...categorical.map(
      (column): Line => [
        column.name,
        `a feature a level${column.other === undefined ? "" : ", one for all other"}`,
        levelWidth(column),
      ],
    ),
    ...text.map((column): Line => [column.name, textWords(column), textWidth(column)]),
    ...blocks.map((block): Line => [blockColumns(block).join(" x "), blockWords(block), blockWidth(block)]),
  ];
  const left = lines.length - mostShown;
  return {
    table: {
      title: `Encoder of ${counted(lines.length, "column")} into ${counted(encoder.columns, "feature")}`,
      columns: ["column", "becomes", "features"],
      words: [0, 1],
      named: true,
      rows: lines
        .slice(0, mostShown)
        .map(([column, becomes, features]) => [column, becomes, grouped(features)]),
      note: [
        `label "${label}": ${classes.slice(0, 8).map(String).join(", ")}${classes.length > 8 ? ` and ${classes.length - 8} more` : ""}`,
        missing === "mean" ? "a missing number is the mean" : "a missing value is an error",
        unseen === "zero" ? "a new level sets no feature of its own" : "a new level is an error",
        ...(left > 0 ? [`${grouped(left)} more in its state()`] : []),
      ].join("; "),
    },
    figures: [],
  };
}

function textWords({ bits, ngrams: [shortest, longest], unit, vocabulary }: TextState): string {
  const lengths = shortest === longest ? `${shortest}` : `${shortest} to ${longest}`;
  const runs = `runs of ${lengths} ${unit === "character" ? "characters" : "words"}`;
  return vocabulary === undefined ? `${runs}, hashed to ${bits} bits` : `${runs} of a vocabulary`;
}

function blockWords(block: BlockState): string {
  switch (block.kind) {
    case "indicator":
      return "1 where it is missing";
    case "bins":
      return `${block.edges.length + 1} bins`;
    case "ordinal":
      return `the place among ${block.levels.length} levels, standardised`;
    case "dates":
      return `sine and cosine of ${block.cycles.join(", ")}`;
    case "hashed":
      return `levels, hashed to ${block.bits} bits`;
    case "cross":
      return `a feature a tuple of levels${block.other ? ", one for all other" : ""}`;
    case "target":
      return `log-odds of the label by ${counted(block.levels.length, "level")}`;
  }
}
