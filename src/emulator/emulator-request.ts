/** One request that an emulator answers. */
export interface EmulatorRequest {
  /** GET, POST… */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of a token request that was read: a fault may answer without reading it. */
  readonly grantType?: string;
  /** The HTTP status of the answer. */
  readonly status: number;
}
