/** A line of a file that a person wrote. */
export interface Place {
  /** As it was named. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Finds the line that a check is about, where there is one. */
export type PlaceOf = (id: string) => Place | undefined;
