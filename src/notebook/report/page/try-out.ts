import { chance, element, type Inner, part, shareBar, short, signed, signedBar, tableOf } from "./dom";
import { type PageModel, predictRow } from "./model";
import type { PagePayload } from "./payload";
import { featuresOf } from "./row";
import { wordsBehind } from "./words";

const mostShown = 12;
const mostWords = 3;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Scores what the reader fills in, at once; returns what is to be called when the model has changed. */
export function tryOut(
  root: HTMLElement,
  payload: PagePayload,
  nameOf: ReadonlyMap<number, string>,
  model: () => PageModel,
): () => void {
  const { fields, examples } = payload;
  const values = fields.map(({ value }) => value);
  const controls = new Map<number, Control>();
  for (const control of root.querySelectorAll<Control>("[data-field]")) {
    controls.set(Number(control.getAttribute("data-field")), control);
  }
  const score = () => {
    for (const [i, control] of controls) values[i] = control.value;
    const verdict = part(root, "verdict");
    const spoke = part(root, "spoke");
    try {
      const row = featuresOf(payload, values);
      verdict.replaceChildren(verdictOf(model(), row, payload));
      spoke.replaceChildren(spokenTable(model(), row, payload, values, nameOf));
    } catch (error) {
      verdict.replaceChildren(element("p", { class: "fault" }, String((error as Error).message)));
      spoke.replaceChildren();
    }
  };
  for (const control of controls.values()) control.addEventListener("input", score);
  for (const button of root.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => {
      const example = examples[Number(button.getAttribute("data-example"))];
      example.values.forEach((value, i) => {
        values[i] = value;
        const control = controls.get(i);
        if (control !== undefined) control.value = value;
      });
      score();
    });
  }
  return score;
}

function verdictOf(model: PageModel, row: readonly (readonly [number, number])[], { classes }: PagePayload) {
  const { probabilities, label } = predictRow(model, row);
  const order = [...probabilities.keys()]
    .sort((a, b) => probabilities[b] - probabilities[a])
    .slice(0, mostShown);
  const rows = order.map((k): Inner[] => [
    classes[k],
    element(
      "span",
      { "data-probability": String(k), "data-exact": String(probabilities[k]) },
      chance(probabilities[k]),
    ),
    shareBar(probabilities[k]),
  ]);
  return element(
    "div",
    {},
    element("p", { class: "verdict" }, "The model says: ", element("strong", {}, classes[label])),
    tableOf("Probability of each class", ["class", "probability", ""], rows),
  );
}

/** Which features moved the margin of the class that was predicted, the largest first. */
function spokenTable(
  model: PageModel,
  row: readonly (readonly [number, number])[],
  { encoder, fields, classes }: PagePayload,
  values: readonly string[],
  nameOf: ReadonlyMap<number, string>,
): HTMLElement {
  const { label, margins } = predictRow(model, row);
  const k = model.outputs === 1 ? 0 : label;
  const towards = model.outputs === 1 ? classes[1] : classes[label];
  const places = new Map(fields.map(({ name }, i) => [name, i]));
  const textOf = (column: string) => values[places.get(column) ?? -1] ?? "";
  const words = encoder === null ? new Map<number, string[]>() : wordsBehind(encoder, textOf);
  const spoken = row
    .map(([column, x]) => ({ column, x, weight: model.table.get(column * model.outputs + k) ?? 0 }))
    .filter(({ x, weight }) => x * weight !== 0)
    .sort((a, b) => Math.abs(b.x * b.weight) - Math.abs(a.x * a.weight) || a.column - b.column);
  if (spoken.length === 0) {
    return element(
      "p",
      {},
      "No feature of this row has a weight: the answer is that of the intercept alone.",
    );
  }
  const largest = Math.abs(spoken[0].x * spoken[0].weight);
  const shown = spoken.slice(0, mostShown);
  const rows = shown.map(({ column, x, weight }): Inner[] => [
    spokenName(words.get(column), nameOf.get(column) ?? `feature ${column}`),
    short(x),
    signed(weight),
    signed(x * weight),
    signedBar(x * weight, largest),
  ]);
  const rest = spoken.slice(mostShown);
  const others = rest.reduce((sum, { x, weight }) => sum + x * weight, 0);
  if (rest.length > 0) rows.push([`${rest.length} more`, "", "", signed(others), ""]);
  rows.push(["intercept", "", "", signed(model.intercepts[k]), ""]);
  rows.push([
    element("strong", {}, "margin, the sum"),
    "",
    "",
    element("strong", {}, signed(margins[k])),
    "",
  ]);
  return tableOf(
    `What spoke: contribution = value × weight, + towards ${towards}`,
    [
      encoder === null || encoder.text.length === 0 ? "feature" : "in your text",
      encoder === null ? "value" : "encoded value",
      "weight",
      "contribution",
      "",
    ],
    rows,
  );
}

/** The reader's own words, where the feature is a hash of them. */
function spokenName(words: readonly string[] | undefined, name: string): string {
  if (words === undefined) return name;
  const shown = words.slice(0, mostWords).map((word) => `“${word}”`);
  return shown.join(", ") + (words.length > mostWords ? ` and ${words.length - mostWords} more` : "");
}
