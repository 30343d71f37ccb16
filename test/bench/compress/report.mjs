// The table of what was found: our files and the peers' beside them, with what each takes for ours.

/** How many times fewer bytes than the best peer's are wanted. */
const wanted = { emails: 7, digits: 3 };

/** Markdown lines. @param results lines of ours, with `effort`, and of peers, with `peer`, budget after budget */
export function report(results) {
  const efforts = [...new Set(results.flatMap(({ effort }) => effort ?? []))].sort();
  const peers = [...new Set(results.flatMap(({ peer }) => peer ?? []))];
  const first = efforts[0];
  const head = ["data, budget", "to reach", ...efforts.map((effort) => `\`${effort}\``), ...peers];
  const rows = results
    .filter(({ effort }) => effort === first)
    .map(({ data, budget, target }) => {
      const same = (line) => line.data === data && nameOf(line.budget) === nameOf(budget);
      const ours = efforts.map((effort) => results.find((line) => line.effort === effort && same(line)));
      const theirs = peers.map((peer) => results.find((line) => line.peer === peer && same(line)));
      return { data, budget, target, ours, theirs };
    });
  const cells = rows.map(({ data, budget, target, ours, theirs }) => [
    `${data}, ${nameOf(budget)}`,
    `${target} B`,
    ...ours.map((line) => (line === undefined ? "" : ourCell(line))),
    ...theirs.map((line) => peerCell(line, ours[0].bytes)),
  ]);
  return [head, head.map(() => "---"), ...cells]
    .map((row) => `| ${row.join(" | ")} |`)
    .concat("", sums(rows, first));
}

/** Whether a loss is within its budget on the test rows. @returns "held", "exceeded within the interval" or "exceeded" */
export function verdictOf({ drop, rise }, { maxAccuracyDrop, maxLogLossIncrease }) {
  const [[value, half], most] =
    maxAccuracyDrop === undefined ? [rise, maxLogLossIncrease] : [drop, maxAccuracyDrop];
  const verdict = value <= most ? "held" : value - half <= most ? "exceeded within the interval" : "exceeded";
  return { value, half, most, verdict };
}

/** A budget as it is called. */
export function nameOf(budget) {
  return Object.entries(budget)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}

function ourCell({ bytes, target, test, budget, likePeers }) {
  const { value, half, verdict } = verdictOf(test, budget);
  const size = bytes > target ? `${bytes} B (missed)` : `${bytes} B`;
  const picked = likePeers === null ? "none" : `${likePeers} B`;
  return `${size}, lost ${(100 * value).toFixed(2)} ± ${(100 * half).toFixed(2)}: ${verdict}; picked as peers' files: ${picked}`;
}

function peerCell(line, ours) {
  if (line === undefined) return "not run";
  if (line.bytes === null) return line.why;
  const times = line.bytes / ours;
  const early = line.stopped ? ", stopped early" : "";
  return `${line.bytes} B, ${times.toFixed(1)}x${times < 1 ? ", smaller than ours" : ""}${early}`;
}

/** What is reached of what is wanted, and what is not. */
function sums(rows, effort) {
  const each = rows.flatMap(({ ours }) => ours.filter((line) => line !== undefined));
  const small = each.filter(({ bytes, target }) => bytes <= target).length;
  const verdicts = each.map(({ test, budget }) => verdictOf(test, budget).verdict);
  const count = (name) => verdicts.filter((verdict) => verdict === name).length;
  const ratios = Object.entries(wanted).flatMap(([data, times]) => {
    const own = rows.filter((row) => row.data === data);
    const over = (bytesOf) =>
      own.flatMap(({ ours, theirs }) => {
        const bytes = theirs.flatMap((line) => line?.bytes ?? []);
        return bytes.length === 0 ? [] : [Math.min(...bytes) / (bytesOf(ours[0]) ?? Infinity)];
      });
    const compared = over(({ bytes }) => bytes);
    if (compared.length === 0) return [];
    const reached = compared.filter((ratio) => ratio >= times).length;
    const early = own.some(({ theirs }) => theirs.some((line) => line?.stopped));
    const range = (ratios) => ratios.map((ratio) => `${ratio.toFixed(1)}x`).join(", ");
    return [
      `${data}, best peer over \`${effort}\`: ${range(compared)}; ${times}x is wanted and reached at ${reached} of ${compared.length} budgets; both picked on the test rows ${range(over(({ likePeers }) => likePeers))}${early ? "; peers were stopped before they had made all files, which flatters ours: raise --limit" : ""}`,
    ];
  });
  return [
    `${small} of ${each.length} files have the bytes that are wanted`,
    `on test rows ${count("held")} hold, ${count("exceeded within the interval")} exceed their budget within the interval, ${count("exceeded")} beyond it`,
    ...ratios,
    "peers' files are picked on the test rows, ours by cross-validation on training rows alone",
  ]
    .map((line) => `- ${line}`)
    .join("\n");
}
