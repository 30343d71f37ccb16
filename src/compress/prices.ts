import type { Dataset } from "../matrix/dataset";

/** All prices, and those that lie close, in units of the loss of no features. */
const all = { from: 3e-7, to: 9e-2 };
const close = { from: 1.5e-6, to: 1e-4 };

/**
 * Prices of a bit, from one at which a large model pays to one at which hardly a weight does. Each is `ratio` times the one before, and
 * `fine` times where a thousand bits cost between 0.15 % and a tenth of the loss of no features: there lie the models that lose about a
 * per cent, between two of which the smaller that keeps a budget may be missed. Larger ones take the longest and hardly get better.
 */
export function pricesOf(
  { counts, rows }: Dataset,
  { ratio, fine }: { readonly ratio: number; readonly fine: number },
): number[] {
  const entropy = counts.reduce((sum, c) => (c > 0 ? sum - (c / rows) * Math.log(c / rows) : sum), 0);
  const prices: number[] = [];
  for (let mu = all.from; mu < all.to; mu *= mu >= close.from && mu < close.to ? fine : ratio) {
    prices.push(mu * entropy);
  }
  return prices;
}
