import type { ErrorCode } from '../../errors.js';
import { checkProvider } from '../../oidc/check-provider.js';
import { type JsonObject, readJsonObject, type Subject } from '../../oidc/http-answer.js';
import { documentUrl, type ProviderPlace } from '../../oidc/issuer-url.js';
import type { ProviderMetadata } from '../../oidc/provider-metadata.js';
import { checkDiscoveryDocument } from '../../oidc/validate/discovery-document.js';
import { readKeySet } from '../../oidc/validate/key-set.js';
import { once } from '../run/once.js';

/** The way to what a provider publishes. */
export interface PublishedOptions extends ProviderPlace {
  readonly read: (url: string, about: Subject) => Promise<Response>;
  readonly about: (name: string, code: ErrorCode) => Subject;
}

/** A discovery document as it came. */
export interface PublishedDocument {
  readonly document: JsonObject;
  readonly contentType: string;
  /** How its failures are told. */
  readonly about: Subject;
}

/** What a provider publishes, each asked for once. */
export class Published {
  constructor(private readonly options: PublishedOptions) {}

  /** The discovery document as it came, with its content type. @throws LogtoError `discovery_invalid`, network codes */
  readonly discovery = once(async (): Promise<PublishedDocument> => {
    const { read } = this.options;
    checkProvider(this.options);
    const url = documentUrl(this.options);
    const about = this.options.about(`The discovery document ${url}`, 'discovery_invalid');
    const response = await read(url, about);
    const contentType = response.headers.get('content-type') ?? '';
    return { document: await readJsonObject(response, about), contentType, about };
  });

  /** What the discovery document says, once it can be trusted. @throws LogtoError `issuer_mismatch` beside those of it */
  readonly metadata = once(async (): Promise<ProviderMetadata> => {
    const { document, about } = await this.discovery();
    return checkDiscoveryDocument(document, this.options, about);
  });

  /** The provider's keys. @throws LogtoError `jwks_invalid`, network codes */
  readonly keys = once(async (): Promise<readonly JsonObject[]> => {
    const url = (await this.metadata()).jwks_uri;
    const about = this.options.about(`The key set ${url}`, 'jwks_invalid');
    return (await readKeySet(await this.options.read(url, about), about)).keys;
  });
}
