/**
 * Texts that depend on how much or whom they are for. Whoever sets an endpoint says that the provider is a Logto; whoever
 * sets an issuer does not, and is never told of Logto's pages.
 */

/** By which of the two the provider is set: Logto's endpoint, or the issuer of any OpenID Provider. */
export type NamedBy = 'endpoint' | 'issuer';

/** A text that is true of every provider, and the one for Logto. */
export interface Wording {
  readonly general: string;
  readonly logto: string;
}

/** The form of a text for a provider that is set this way. Nobody knows: the general one, which is never untrue. */
export function worded(text: string | Wording, namedBy: NamedBy = 'issuer'): string {
  if (typeof text === 'string') return text;
  return namedBy === 'endpoint' ? text.logto : text.general;
}

/** By which of the two a configuration names its provider. */
export function namedBy({ endpoint }: { readonly endpoint?: string | undefined }): NamedBy {
  return endpoint === undefined ? 'issuer' : 'endpoint';
}

/** So many of something: `no keys`, `1 key`, `2 keys`. */
export function counted(amount: number, noun: string): string {
  return `${amount === 0 ? 'no' : amount} ${noun}${amount === 1 ? '' : 's'}`;
}
