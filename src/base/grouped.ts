/** A whole number with a comma every three digits, as people read it. */
export function grouped(value: number): string {
  return inThrees(Math.round(value).toString());
}

/** Digits with a comma every three, from the right. */
export function inThrees(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** How many there are of a thing: "1 row", "1,200 rows", "2 classes" where its plural is given. */
export function counted(count: number, thing: string, plural: string = `${thing}s`): string {
  return `${grouped(count)} ${count === 1 ? thing : plural}`;
}
