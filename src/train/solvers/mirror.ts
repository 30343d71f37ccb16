/** Makes a square of which each pair of numbers holds a half whole; its diagonal is written to `d`. */
export function mirror(H: Float64Array, size: number, d: Float64Array): void {
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      const sum = H[a * size + b] + H[b * size + a];
      H[a * size + b] = sum;
      H[b * size + a] = sum;
    }
    d[a] = H[a * size + a];
  }
}
