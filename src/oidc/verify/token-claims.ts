import { shellWord } from '../../shell-word.js';
import { filledIssuer, hasBraces } from '../issuer-template.js';
import type { JsonObject } from '../json-object.js';
import { listed } from '../validate/id-token-audience.js';
import { audiencesOf } from '../validate/jwt.js';
import { isScope, scopesIn } from '../validate/token-response.js';
import { kindOf, quoted, shownOrKind } from '../validate/value-kind.js';
import { fails, holds, isOpen, type TokenCheck } from './token-check.js';

/** What begins the audience of Logto's organization tokens. */
const organizationPrefix = 'urn:logto:organization:';

/**
 * Who issued it (RFC 9068, section 4; RFC 8725, section 3.8).
 *
 * @param set the issuer, or the template that its claims fill
 * @param ofSession the issuer of the session that it is of: of several tenants it is that one
 */
export function checkIssuer(claims: JsonObject, set: string, ofSession?: string): TokenCheck {
  const { iss } = claims;
  const [what, clause] = ['iss is the issuer, to the letter', 'RFC 9068, 4; RFC 8725, 3.8'];
  const filled = filledIssuer(set, claims);
  if ('unusable' in filled) {
    const message = `It does not say which tenant of ${quoted(set, 200)} it is of (${filled.unusable} is ${shownOrKind(claims[filled.unusable], 60)}).`;
    return fails(
      'iss',
      what,
      clause,
      message,
      `The provider has to put the ID of the tenant into ${filled.unusable}.`,
    );
  }
  const { issuer } = ofSession !== undefined && hasBraces(set) ? { issuer: ofSession } : filled;
  if (filled.issuer !== issuer && iss === issuer) {
    const message = `Its other claims are of ${quoted(filled.issuer, 200)}, and iss is not.`;
    return fails('iss', what, clause, message, 'The provider has to name one tenant in all of them.');
  }
  if (iss === issuer) return holds('iss', what, clause, issuer);
  if (typeof iss !== 'string' || iss === '') {
    const message = `It does not say who issued it (iss is ${kindOf(iss)}).`;
    return fails('iss', what, clause, message, 'The provider has to put its issuer into iss.');
  }
  const isSlash = iss.replace(/\/$/, '') === issuer.replace(/\/$/, '');
  const isAddress = /^https?:\/\/[^\s@?#]{1,200}$/i.test(iss);
  return fails(
    'iss',
    what,
    clause,
    `It is of ${quoted(iss, 200)}, and ${quoted(issuer, 200)} is set.${isSlash ? ' They differ by a slash at the end.' : ''}`,
    isAddress
      ? `If that is the provider that the API trusts, say --issuer ${shellWord(iss)}; else get a token of the one that is set.`
      : 'Get a token of the provider that the API trusts.',
  );
}

/** Whom it is for (RFC 9068, section 4; RFC 8725, section 3.9). One of the API's names is enough. */
export function checkAudience(claims: JsonObject, wanted: readonly string[]): TokenCheck {
  const [what, clause] = ['aud has this API', 'RFC 9068, 4; RFC 8725, 3.9'];
  const { aud } = claims;
  const isNone = aud === undefined || aud === '' || (Array.isArray(aud) && aud.length === 0);
  const audiences = isNone ? [] : audiencesOf(claims);
  const found = isNone ? `It is for nobody (aud is ${kindOf(aud)})` : `It is for ${listed(audiences)}`;
  const [first] = wanted;
  if (first === undefined)
    return isOpen('aud', what, clause, `Not asked: --audience <uri>, as the API has it. ${found}.`);
  if (wanted.some((audience) => audiences.includes(audience))) return holds('aud', what, clause, `${found}.`);
  return fails(
    'aud',
    what,
    clause,
    `${found}, and not for ${listed(wanted)}.`,
    first.startsWith(organizationPrefix)
      ? `Ask for one of that organization: logto-cli token --organization ${shellWord(first.slice(organizationPrefix.length))}`
      : `Ask for one of your API: logto-cli token --resource ${shellWord(first)}; or, if it is the right one, let the API expect what it is for.`,
  );
}

/** The scopes that an API needs, and for whom they are. */
interface WantedScopes {
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  readonly organization?: string | undefined;
}

/** What it allows (RFC 9068, section 2.2.3; RFC 6750, section 3.1). Each scope that is wanted has to be there. */
export function checkScopes(
  { scope, scp }: JsonObject,
  { scopes: wanted, audiences, organization }: WantedScopes,
): TokenCheck {
  const [what, clause] = ['scope has what the API needs', 'RFC 9068, 2.2.3; RFC 6750, 3.1'];
  // Okta and Entra ID call it scp.
  const given = scope ?? scp;
  const scopes = isScope(given) ? (scopesIn(given, wanted) ?? []) : [];
  const has = scopes.length === 0 ? 'no scope' : `the scopes ${scopes.slice(0, 20).join(' ')}`;
  if (wanted.length === 0) return isOpen('scope', what, clause, `Not asked: --scope <scope>. It has ${has}.`);
  const missing = wanted.filter((name) => !scopes.includes(name));
  if (missing.length === 0) return holds('scope', what, clause, wanted.join(' '));
  return fails(
    'scope',
    what,
    clause,
    `It lacks ${missing.join(' ')}: it has ${has}. An API answers 403 (insufficient_scope).`,
    `Give the user a role that has it, and ask for it at sign-in: ${askedAgain(missing, audiences, organization)}`,
  );
}

/** The sign-in that asks for scopes of an API, of an organization, or of an API within it. */
function askedAgain(
  scopes: readonly string[],
  audiences: readonly string[],
  organization: string | undefined,
): string {
  const [named] = audiences.filter((audience) => audience.startsWith(organizationPrefix));
  const within = organization ?? named?.slice(organizationPrefix.length);
  const resource = audiences.find((audience) => audience !== named && URL.canParse(audience));
  const place = [
    ...(within === undefined ? [] : [`--organization ${shellWord(within)}`]),
    ...(resource === undefined ? [] : [`--resource ${shellWord(resource)}`]),
  ];
  const flags = place.length === 0 ? ['--resource <uri>'] : place;
  return ['logto-cli sign-in', ...flags, `--scope ${shellWord(scopes.join(' '))}`].join(' ');
}

/** In which organization it may be used; `null` where neither the token nor anybody else names one. */
export function checkOrganization(claims: JsonObject, wanted: string | undefined): TokenCheck | null {
  const [what, clause] = [
    'it is of the organization',
    'No standard: organization tokens (aud, organization_id)',
  ];
  const own = claims['organization_id'];
  const found = [
    ...audiencesOf(claims).flatMap((audience) =>
      typeof audience === 'string' && audience.startsWith(organizationPrefix)
        ? [audience.slice(organizationPrefix.length)]
        : [],
    ),
    ...(typeof own === 'string' ? [own] : []),
  ];
  if (wanted === undefined) {
    const message = `Not asked: --organization <id>. It is of ${listed(found)}.`;
    return found.length === 0 ? null : isOpen('organization', what, clause, message);
  }
  if (found.includes(wanted)) return holds('organization', what, clause, wanted);
  return fails(
    'organization',
    what,
    clause,
    `It is of ${found.length === 0 ? 'no organization' : listed(found)}, and not of ${quoted(wanted)}.`,
    `Ask for one of it: logto-cli token --organization ${shellWord(wanted)}, with --resource <uri> for an API within it.`,
  );
}
