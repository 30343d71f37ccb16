import type { Link } from "../../model/scorer";
import type { Design } from "../design";
import type { CurvedLoss } from "./curved";
import { LogisticLoss } from "./logistic";
import { SoftmaxLoss } from "./softmax";

/** The losses of a link, each made when it is called: one, or one for each class where the link is `ovr`. */
export function lossesOf(design: Design, link: Link, classes: number): (() => CurvedLoss)[] {
  if (link === "softmax") return [() => new SoftmaxLoss(design, classes)];
  if (link === "binary") return [() => new LogisticLoss(design, 1)];
  return Array.from({ length: classes }, (_, k) => () => new LogisticLoss(design, k));
}
