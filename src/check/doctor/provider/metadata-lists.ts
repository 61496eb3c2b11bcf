import type { ProviderMetadata } from '../../../oidc/provider-metadata.js';

/** A list of the discovery document that nothing but a check reads; `null` when it is absent, or no list of words. */
export function metadataList(metadata: ProviderMetadata, name: string): readonly string[] | null {
  const value = (metadata as unknown as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}
