/** When the provider first answered, whatever it said. Milliseconds since 1970. */
export interface FirstAnswer {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What the provider's clock showed when it answered; `null` when it does not tell. */
  readonly serverTime: number | null;
}

/** What the server's clock showed when it sent this: the `Date` of a stored answer is as old as its `Age`. */
export function serverTimeOf({ headers }: Response): number | null {
  const date = Date.parse(headers.get('date') ?? '');
  const age = Number(headers.get('age') ?? 0);
  return Number.isFinite(date) ? date + (Number.isFinite(age) ? age * 1000 : 0) : null;
}
