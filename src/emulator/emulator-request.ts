/** One request that an emulator answers. */
export interface EmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Of a token request that was read: a fault may answer without reading it. */
  readonly grantType?: string;
  readonly status: number;
}
