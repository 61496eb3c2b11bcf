import type { Session } from '../../client/session.js';
import { fields } from '../../output/fields.js';
import { isoTime, relativeTime } from '../../output/moments.js';
import type { Paint } from '../../output/paint.js';
import { valueText } from '../../output/plain-text.js';
import type { StorageKind } from '../../storage/storage.js';

/** Where a session is kept, under which profile. */
export interface SessionPlace {
  readonly profile: string;
  readonly storage: StorageKind;
}

/** The JSON document of `whoami` and `sign-in`. */
export function sessionDocument(
  session: Session,
  { profile, storage }: SessionPlace,
  userInfo?: unknown,
): object {
  return {
    profile,
    issuer: session.issuer,
    ...(session.endpoint !== undefined && { endpoint: session.endpoint }),
    ...(session.issuerTemplate !== undefined && { issuerTemplate: session.issuerTemplate }),
    ...(session.discoveryUrl !== undefined && { discoveryUrl: session.discoveryUrl }),
    appId: session.appId,
    storage,
    subject: session.subject,
    claims: session.claims,
    scopes: session.scopes,
    signedInAt: isoTime(session.signedInAt),
    idTokenExpiresAt: isoTime(session.idTokenExpiresAt),
    accessTokens: session.accessTokens.map(({ resource, organization, scopes, expiresAt }) => ({
      resource,
      organization,
      scopes,
      expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    })),
    hasRefreshToken: session.hasRefreshToken,
    ...(userInfo !== undefined && { userInfo }),
  };
}

/** The same for a person. */
export function sessionLines(
  session: Session,
  { profile, storage }: SessionPlace,
  now: number,
  paint: Paint,
  userInfo?: Readonly<Record<string, unknown>>,
): string[] {
  const { claims } = session;
  const name = ['username', 'preferred_username', 'email', 'name']
    .map((claim) => claims[claim])
    .find((value) => typeof value === 'string' && value !== '');
  const who = paint.bold(typeof name === 'string' ? name : session.subject);
  return [
    `Signed in as ${who}`,
    '',
    ...fields([
      ['subject', session.subject],
      ['issuer', session.issuer],
      ...(session.discoveryUrl === undefined ? [] : [['discovery document', session.discoveryUrl] as const]),
      ['application', session.appId],
      ['profile', profile],
      ['tokens kept in', storage],
      ['scopes', session.scopes.join(' ')],
      ['signed in', when(session.signedInAt, now)],
      ['ID token', validity(session.idTokenExpiresAt, now)],
      ...session.accessTokens.map(
        ({ resource, organization, expiresAt }) =>
          [
            'access token',
            [
              expiresAt === null ? 'no expiry told' : validity(expiresAt, now),
              resource && `for ${resource}`,
              organization && `in organization ${organization}`,
            ]
              .filter(Boolean)
              .join(', '),
          ] as const,
      ),
      ['refresh token', session.hasRefreshToken ? 'yes' : 'none'],
    ]),
    '',
    ...claimLines('Claims of the ID token', claims, paint),
    ...(userInfo ? ['', ...claimLines('UserInfo', userInfo, paint)] : []),
  ];
}

function claimLines(title: string, claims: Readonly<Record<string, unknown>>, paint: Paint): string[] {
  const rows = Object.entries(claims).map(([claim, value]) => [claim, claimText(claim, value)] as const);
  return [paint.bold(title), ...fields(rows, '  ')];
}

/** A claim for a person: moments also as dates. */
function claimText(claim: string, value: unknown): string {
  const moment = typeof value === 'number' ? value * 1000 : Number.NaN;
  const isMoment =
    ['exp', 'iat', 'nbf', 'auth_time'].includes(claim) && !Number.isNaN(new Date(moment).getTime());
  return isMoment ? `${valueText(value)} (${isoTime(moment)})` : valueText(value);
}

function when(milliseconds: number, now: number): string {
  return `${isoTime(milliseconds)} (${relativeTime(milliseconds, now)})`;
}

function validity(expiresAt: number, now: number): string {
  return `${expiresAt > now ? 'valid until' : 'ended'} ${when(expiresAt, now)}`;
}
