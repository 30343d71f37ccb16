/** A whole number with a comma every three digits, as people read it. */
export function grouped(value: number): string {
  return inThrees(Math.round(value).toString());
}

/** Digits with a comma every three, from the right. */
export function inThrees(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
