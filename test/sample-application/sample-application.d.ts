/** What it can get wrong, by name, and what that is. */
export declare const defects: Readonly<Record<string, string>>;

/** What else it can get wrong: it answers nobody any more, or signs nobody in. */
export declare const lastingDefects: Readonly<Record<string, string>>;

/** How the sample is started. */
export interface SampleOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: it speaks http. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** How it asks for a registration. Default: as Logto wants it. */
  readonly registration?: Readonly<Record<string, string>>;
  readonly defects?: readonly string[];
}

/** Starts it on this machine. */
export declare function startSample(
  options: SampleOptions,
): Promise<{ readonly url: string; close(): Promise<void> }>;
