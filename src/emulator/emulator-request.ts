/** One request that an emulator answers, or leaves without an answer. */
export interface EmulatorRequest {
  /** GET, POST… */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of a token request that was read: a fault may answer without reading it. */
  readonly grantType?: string;
  /** The registered application that it names. */
  readonly clientId?: string;
  /** The `sub` of the user whom it was found to be about. */
  readonly subject?: string;
  /** Of the faults at the moment of its answer those that are about what it asked for, as `name=value`. Left out: none. */
  readonly faults?: readonly string[];
  /** The HTTP status of the answer; `null` where the connection ended without one, by a fault or by whoever asked. */
  readonly status: number | null;
}
