import type { DecodedJwt } from '../../oidc/validate/jwt.js';
import { fields } from '../../output/fields.js';
import { isoTime, relativeTime } from '../../output/moments.js';
import type { Paint } from '../../output/paint.js';
import { valueText } from '../../output/plain-text.js';

/** The JSON document of a decoded token. */
export function decodedDocument(decoded: DecodedJwt | null): object {
  return decoded === null ? { format: 'opaque', header: null, claims: null } : { format: 'jwt', ...decoded };
}

/** The same for a person: times as dates, scopes one by one. */
export function decodedLines(decoded: DecodedJwt | null, now: number, paint: Paint): string[] {
  if (decoded === null) {
    return [
      'This token is opaque: only the provider can tell what is in it (ask UserInfo: logto-cli whoami --remote).',
    ];
  }
  const { header, claims } = decoded;
  const scopes = typeof claims['scope'] === 'string' ? claims['scope'].split(' ').filter(Boolean) : null;
  return [
    paint.bold('Header'),
    ...rows(header),
    paint.bold('Claims'),
    ...fields(
      Object.entries(claims).map(([name, value]) => [name, claimText(name, value, now)]),
      '  ',
    ),
    ...(scopes === null
      ? []
      : [
          paint.bold('Scopes'),
          ...(scopes.length === 0 ? ['  (none)'] : scopes.map((scope) => `  ${scope}`)),
        ]),
    paint.dim('Decoded, not verified. For what an API would say of it: logto-cli verify'),
  ];
}

/** A claim for a person: moments also as dates. */
function claimText(name: string, value: unknown, now: number): string {
  const moment = typeof value === 'number' ? value * 1000 : Number.NaN;
  const isMoment =
    ['exp', 'iat', 'nbf', 'auth_time'].includes(name) && !Number.isNaN(new Date(moment).getTime());
  return isMoment
    ? `${valueText(value)} (${isoTime(moment)}, ${relativeTime(moment, now)})`
    : valueText(value);
}

function rows(object: DecodedJwt['header']): string[] {
  return fields(
    Object.entries(object).map(([name, value]) => [name, valueText(value)]),
    '  ',
  );
}
