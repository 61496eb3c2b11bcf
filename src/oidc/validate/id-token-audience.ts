import { shellWord } from '../../shell-word.js';
import type { JsonObject } from '../http-answer.js';
import type { Verify } from '../provider-event.js';
import { type IdTokenRefusal, malformedClaim } from './id-token-refusal.js';
import { audiencesOf } from './jwt.js';
import { kindOf, quoted } from './value-kind.js';

const core = 'OpenID Connect Core 1.0,';

/** Whom an ID token is for, and who may use it (OpenID Connect Core 1.0, section 3.1.3.7 (3) to (5)); `null`: for us. */
export function checkAudience(claims: JsonObject, clientId: string, verify: Verify): IdTokenRefusal | null {
  const { aud, azp } = claims;
  const audiences = audiencesOf(claims);
  if (!verify('aud has this application', `${core} 3.1.3.7 (3)`, audiences.includes(clientId)))
    return foreignAudience(aud, clientId);
  if (azp !== undefined && !verify('azp is this application', `${core} 3.1.3.7 (5)`, azp === clientId))
    return foreignParty(azp, clientId);
  if (audiences.length === 1) return null;
  if (verify('further audiences come with azp', `${core} 3.1.3.7 (3)`, azp !== undefined)) return null;
  const others = audiences.filter((audience) => audience !== clientId);
  return {
    reason: 'aud',
    what:
      others.length === 0
        ? 'names this application more than once as its audience (aud), and does not say for whom it was issued (azp)'
        : `is meant for others too (aud: ${listed(others)}), and does not say for whom it was issued (azp is missing)`,
    hint: 'Nothing was kept. The provider has to name this application in azp, or to leave further audiences out of aud.',
    facts: { found: texts(audiences), expected: clientId },
  };
}

/** What an `aud` says, as `details` have it. */
export function foundAudience(aud: unknown): string | null | readonly string[] {
  if (Array.isArray(aud)) return texts(aud);
  return typeof aud === 'string' ? aud.slice(0, 200) : null;
}

/** Audiences within a sentence. */
export function listed(audiences: readonly unknown[]): string {
  const shown = audiences
    .slice(0, 5)
    .map((audience) => (typeof audience === 'string' ? quoted(audience) : kindOf(audience)));
  return [...shown, ...(audiences.length > 5 ? ['…'] : [])].join(', ');
}

function foreignAudience(aud: unknown, clientId: string): IdTokenRefusal {
  const facts = { found: foundAudience(aud), expected: clientId };
  const isList = Array.isArray(aud) && aud.length > 0;
  if (aud === undefined || aud === '' || (Array.isArray(aud) && !isList)) {
    return {
      reason: 'aud',
      what: `does not say whom it is meant for (aud is ${kindOf(aud)})`,
      hint: 'Nothing was kept. The provider has to put the ID of the application into aud.',
      facts,
    };
  }
  const audiences = isList ? aud : [aud];
  if (!audiences.every((audience) => typeof audience === 'string'))
    return { ...malformedClaim('aud', aud, 'text or a list of texts is', kindOfAudience(aud)), facts };
  return {
    reason: 'aud',
    what: `is meant for ${listed(audiences)}, and this application is ${quoted(clientId)} (aud)`,
    hint: hintOfForeigner(audiences, 'aud'),
    facts,
  };
}

function kindOfAudience(aud: unknown): string {
  if (!Array.isArray(aud)) return kindOf(aud);
  return `a list with ${kindOf(aud.find((item) => typeof item !== 'string'))} in it`;
}

function foreignParty(azp: unknown, clientId: string): IdTokenRefusal {
  const facts = { found: typeof azp === 'string' ? azp.slice(0, 200) : null, expected: clientId };
  if (typeof azp !== 'string' || azp === '') return { ...malformedClaim('azp', azp, 'text is'), facts };
  return {
    reason: 'azp',
    what: `was issued to ${quoted(azp)}, and this application is ${quoted(clientId)} (azp)`,
    hint: hintOfForeigner([azp], 'azp'),
    facts,
  };
}

function hintOfForeigner(named: readonly string[], claim: 'aud' | 'azp'): string {
  const correct = `the provider has to put the ID of this application into ${claim}.`;
  const [only = ''] = named;
  return named.length === 1 && /^[\w.-]{1,100}$/.test(only)
    ? `Nothing was kept. If ${only} is the application that you mean, use --app-id ${shellWord(only)}; else ${correct}`
    : `Nothing was kept. If one of them is the application that you mean, give it with --app-id; else ${correct}`;
}

function texts(audiences: readonly unknown[]): readonly string[] {
  return audiences
    .slice(0, 20)
    .map((audience) => (typeof audience === 'string' ? audience.slice(0, 200) : kindOf(audience)));
}
