/** Claims as they came, already verified. */
export type Claims = Readonly<Record<string, unknown>>;
