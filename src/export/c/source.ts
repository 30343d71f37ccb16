/** Source text of C and the bytes of its tables. */
export interface Source {
  readonly source: string;
  readonly bytes: number;
}
