import { bytesOf, numbers } from "./base64";
import { element, part, percentage, whole } from "./dom";
import { judge, readRows } from "./judge";
import { decodeModel, type PageModel } from "./model";
import type { PagePayload } from "./payload";
import { confusionTable, keptTable } from "./pictures";
import { tryOut } from "./try-out";

/** Makes one front live: the slider chooses a file, and all that is shown comes of its bytes. */
export function liven(root: HTMLElement): void {
  const payload: PagePayload = JSON.parse(root.querySelector("script")!.textContent!);
  const { files, classes, chosen, names, columns } = payload;
  const known = readRows(payload);
  const nameOf = new Map(Array.from(numbers(columns), (column, i) => [column, names[i]]));
  const models: PageModel[] = [];
  const modelAt = (at: number): PageModel => {
    models[at] ??= decodeModel(bytesOf(files[at]));
    return models[at];
  };
  const slider = part<HTMLInputElement>(root, "slider");
  const rescore = tryOut(root, payload, nameOf, () => modelAt(Number(slider.value)));
  const show = () => {
    const at = Number(slider.value);
    const model = modelAt(at);
    const { accuracy, logLoss, confusion } = judge(model, known, classes.length);
    const bytes = bytesOf(files[at]).length;
    const facts = [
      ["bytes", whole(bytes)],
      ["weights", whole(model.positions.length)],
      ["accuracy", percentage(accuracy, 2)],
      ["log-loss, nats a row", logLoss.toPrecision(4)],
    ];
    slider.setAttribute("aria-valuetext", `${whole(bytes)} bytes, accuracy ${percentage(accuracy)}`);
    part(root, "place").textContent =
      `${at + 1} of ${files.length}: ${whole(bytes)} bytes${at === chosen ? ", the chosen one" : ""}`;
    part(root, "facts").replaceChildren(
      ...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
    );
    part(root, "file").textContent = files[at];
    part(root, "confusion").replaceChildren(confusionTable(confusion, classes));
    part(root, "kept").replaceChildren(keptTable(model, nameOf, classes));
    for (const mark of root.querySelectorAll("[data-point]")) {
      mark.classList.toggle("now", mark.getAttribute("data-point") === String(at));
    }
    rescore();
  };
  slider.addEventListener("input", show);
  for (const mark of root.querySelectorAll("[data-point]")) {
    mark.addEventListener("click", () => {
      slider.value = mark.getAttribute("data-point")!;
      show();
    });
  }
  part(root, "live").hidden = false;
  show();
}

if (typeof document !== "undefined") {
  for (const root of document.querySelectorAll<HTMLElement>("[data-live-front]")) liven(root);
}
