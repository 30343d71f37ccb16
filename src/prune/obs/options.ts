import { checkKeys, checkNumber } from "../../base/check";

/** How the strategy `obs` goes about it. */
export interface ObsOptions {
  /**
   * Weights that go together at most, chosen one after another among those of least saliency, each in view of those gone
   * before; 1 looks at all weights again after each. Default 64.
   */
  readonly block?: number;
  /**
   * The most parameters, intercepts included, whose inverse Hessian is held: n of them take 8 n^2 bytes and of the order of
   * n^3 operations. Beyond it weights go in rounds by block-diagonal inverses, and conjugate gradients on the exact Hessian
   * move the survivors, until as many are left. At most 20,000. Default 2,000.
   */
  readonly dense?: number;
  /**
   * Beside a refit, where weights come and go alone (not whole features or groups): how often at most weights that stayed are
   * exchanged for ones that went, each time the pairs that the exact Hessian at the fit on the survivors likes best, taken where a
   * fit of both sets finds the objective lower; 0 for never. None where the Hessian of the survivors is beyond `dense`. Default 16.
   */
  readonly exchanges?: number;
  /**
   * What an exchange has to gain for each weight that enters, in nats over all rows (a row counting by its weight), at least 0. Less than
   * one nat is what the likeliest of several sets of as many weights gains on its own rows by chance alone (Akaike, 1974), and
   * lost as often as it won on rows held out. 0 takes what lowers the objective by a ten thousandth of it. Default 1.
   */
  readonly leastGain?: number;
}

/** The options, complete. */
export interface ObsPlan {
  readonly block: number;
  readonly dense: number;
  readonly exchanges: number;
  readonly leastGain: number;
}

/** Completes the options. @throws `unknown-option`, `invalid-option` */
export function parseObs(options: ObsOptions): ObsPlan {
  checkKeys(options, ["block", "dense", "exchanges", "leastGain"], "obs");
  return {
    block: checkNumber(options.block ?? 64, "obs.block", { min: 1, max: 1024, integer: true }),
    dense: checkNumber(options.dense ?? 2000, "obs.dense", { min: 16, max: 20_000, integer: true }),
    exchanges: checkNumber(options.exchanges ?? 16, "obs.exchanges", { min: 0, integer: true }),
    leastGain: checkNumber(options.leastGain ?? 1, "obs.leastGain", { min: 0 }),
  };
}
