import type { ErrorCode } from '../../errors.js';
import type { OAuthRequest } from './oauth-error.js';
import { ruleFor } from './oauth-error-rules.js';

/** By name, so that none is forgotten. */
const kinds = Object.keys({
  authorization: true,
  'pushed-authorization': true,
  code: true,
  refresh: true,
  'client-credentials': true,
  'token-exchange': true,
  revocation: true,
  'device-authorization': true,
  'device-code': true,
  'end-session': true,
  'user-info': true,
} satisfies Record<OAuthRequest['kind'], true>) as OAuthRequest['kind'][];

const either = [false, true];

/**
 * The codes that an error of OAuth can become by its name alone, such as `invalid_client`, whatever it is the answer to;
 * none of a name that means nothing here.
 */
export function codesOfError(error: string): readonly ErrorCode[] {
  const codes = either.flatMap((isLogto) =>
    kinds.flatMap((kind) =>
      either.flatMap((hasSecret) =>
        either.flatMap((isPublicClient) => {
          const request: OAuthRequest = { kind, clientId: '', hasSecret, isPublicClient };
          const codeOf = (name: string) =>
            ruleFor({ error: name, description: null, status: null, isLogto }, request).code;
          // What any name becomes says nothing of this one.
          return codeOf(error) === codeOf('') ? [] : [codeOf(error)];
        }),
      ),
    ),
  );
  return [...new Set(codes)];
}
