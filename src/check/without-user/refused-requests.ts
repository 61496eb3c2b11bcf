import type { Wording } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import { type AuthorizationAnswer, describe, verdictOn } from './authorization-answer.js';
import { unknownResponseType } from './authorization-parameters.js';
import type { CheckWithoutUser } from './check-without-user.js';
import { givenToEverybody } from './everybody.js';

/** What to do where PKCE is not required, or not in the one way that is safe. */
const pkceHint: Wording = {
  general: 'Let the provider require PKCE with S256, and send a code challenge in any case.',
  logto:
    'Let the provider require PKCE with S256. Logto does so for Native and single page applications, ' +
    'and leaves it to Traditional ones: send a code challenge there too.',
};

/** An authorization request that has to be refused. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  /** What is sent, within a sentence: `a request without PKCE`. */
  readonly what: string;
  readonly change: (parameters: URLSearchParams, subject: TestedProvider) => void;
  /** Whether accepting it is only worth a word. */
  readonly isHarmless?: (subject: TestedProvider) => boolean | Promise<boolean>;
  /** Whether `prompt` is what it is about: then a page or a way on to one means that it was accepted. */
  readonly isAboutPrompt?: boolean;
  readonly hint?: string | Wording;
}

const implicitHint = 'If nothing needs it, allow the application the response type code alone.';

const rows: readonly Row[] = [
  {
    id: 'prompt.none-and-login',
    title: 'prompt none with login',
    clause: 'OpenID Connect Core 1.0, 3.1.2.1',
    what: 'prompt=none together with login',
    change: (sent) => sent.set('prompt', 'none login'),
    isAboutPrompt: true,
  },
  {
    id: 'prompt.unknown',
    title: 'An unknown prompt',
    clause: 'Initiating User Registration via OpenID Connect 1.0, 4.1',
    what: 'a prompt that nobody knows',
    change: (sent) => sent.set('prompt', 'logto-cli-test'),
    isAboutPrompt: true,
    isHarmless: () => true,
    hint: 'Nothing to do, but to spell prompts rightly: a misspelt one is ignored.',
  },
  {
    id: 'response-type.missing',
    title: 'No response type',
    clause: 'RFC 6749, 3.1.1',
    what: 'a request without a response type',
    change: (sent) => sent.delete('response_type'),
  },
  {
    id: 'response-type.unknown',
    title: 'An unknown response type',
    clause: 'RFC 6749, 3.1.1',
    what: 'a response type that nobody knows',
    change: (sent) => sent.set('response_type', unknownResponseType),
  },
  ...['token', 'id_token', 'code id_token'].map((type) => ({
    id: `response-type.${type.replaceAll(/[ _]/g, '-')}`,
    title: `Response type ${type}`,
    clause: type.includes('id_token')
      ? 'OpenID Connect Dynamic Client Registration 1.0, 2'
      : 'RFC 9700, 2.1.2',
    what: `the response type ${type}`,
    change: (sent: URLSearchParams) => sent.set('response_type', type),
    // Somebody may have registered the application for it.
    isHarmless: () => true,
    hint: implicitHint,
  })),
  {
    id: 'pkce.required',
    title: 'PKCE is required',
    clause: 'RFC 9700, 2.1.1',
    what: 'a request without PKCE',
    change: (sent) => {
      sent.delete('code_challenge');
      sent.delete('code_challenge_method');
    },
    isHarmless: (subject) => subject.isConfidential(),
    hint: pkceHint,
  },
  {
    id: 'pkce.plain',
    title: 'PKCE method plain',
    clause: 'RFC 9700, 2.1.1',
    what: 'the method plain, which hands out the verifier,',
    change: (sent) => sent.set('code_challenge_method', 'plain'),
    hint: pkceHint,
  },
  {
    id: 'pkce.no-method',
    title: 'PKCE without a method',
    clause: 'RFC 7636, 4.3; RFC 9700, 2.1.1',
    what: 'a code challenge without a method, which means plain,',
    change: (sent) => sent.delete('code_challenge_method'),
    hint: pkceHint,
  },
  {
    id: 'pkce.unknown-method',
    title: 'An unknown PKCE method',
    clause: 'RFC 7636, 4.4.1',
    what: 'a PKCE method that nobody knows',
    change: (sent) => sent.set('code_challenge_method', 'S1'),
  },
  {
    id: 'pkce.short-challenge',
    title: 'A short code challenge',
    clause: 'RFC 7636, 4.2',
    what: 'a code challenge of 8 characters',
    change: (sent) => sent.set('code_challenge', 'too-tiny'),
    // The length is a rule for applications.
    isHarmless: () => true,
    hint: 'Nothing to do, as long as your libraries make code verifiers of at least 43 characters.',
  },
  ...['state', 'client_id', 'response_type'].map((name) => ({
    id: `duplicate.${name.replace('_', '-')}`,
    title: `${name} twice`,
    clause: 'RFC 6749, 3.1',
    what: `a request with two values of ${name}`,
    change: (sent: URLSearchParams) =>
      sent.append(name, name === 'response_type' ? 'code' : `${sent.get(name)}x`),
  })),
  {
    id: 'request-object.unsigned',
    title: 'An unsigned request object',
    clause: 'OpenID Connect Core 1.0, 6.1; RFC 9101, 10.2',
    what: 'a request object that nobody signed',
    change: (sent, { clientId, issuer }) => sent.set('request', unsignedJwt({ iss: clientId, aud: issuer })),
    hint: 'A provider that does not take request objects must say so, instead of ignoring them.',
  },
  {
    id: 'request-object.elsewhere',
    title: 'A request object elsewhere',
    clause: 'OpenID Connect Core 1.0, 6.2; RFC 9101, 10.4',
    what: 'a request object from an address that is not registered',
    // There is no such host anywhere (RFC 2606, section 2).
    change: (sent) => sent.set('request_uri', 'https://logto-cli-test.invalid/request.jwt'),
    hint: 'A provider must not fetch what a stranger names, and must say so, instead of ignoring it.',
  },
];

/** What the authorization endpoint must refuse, however nobody is signed in. */
export const refusedRequestChecks: readonly CheckWithoutUser[] = rows.map((row) => {
  const { id, title, clause } = row;
  const run = (subject: TestedProvider) => judge(row, subject);
  return { id, title, clause, needs: ['authorization.request'], run };
});

async function judge(
  { what, change, isHarmless, isAboutPrompt = false, hint = correctProvider }: Row,
  subject: TestedProvider,
): Promise<CheckResult> {
  const answer = await subject.authorize({ change: (sent) => change(sent, subject) });
  const verdict = verdictOn(answer);
  if (verdict === 'refused') return passed(`refused: ${describe(answer)}`);
  const isPage = isPageOf(answer);
  if (verdict === 'unclear' && !(isPage && isAboutPrompt)) {
    return unclear(`The answer to ${what} does not tell: ${describe(answer)}.`);
  }
  const unproved = await givenToEverybody(subject, answer);
  if (unproved !== null) return unproved;
  const message = `The provider accepts ${what} instead of refusing it: ${isPage ? 'a sign-in begins' : describe(answer)}.`;
  // That nobody is signed in may be said first; what is wrong besides shows where somebody may sign in.
  const again = isAboutPrompt ? answer : await subject.authorize({ change: asSignIn(change, subject) });
  if (verdictOn(again) === 'refused') {
    return passed(`refused once somebody may sign in: ${describe(again)}`);
  }
  if (!isAboutPrompt && isPageOf(again) && isPageOf(await subject.forUnknownResponseTypeAtPage())) {
    return unclear(
      `Cannot tell: a sign-in begins also for a response type that nobody knows, so ${what} may be refused after it.`,
    );
  }
  return (await isHarmless?.(subject)) === true ? warning(message, hint) : failed(message, hint);
}

/** A page, or the way to one. */
function isPageOf({ error, returned }: AuthorizationAnswer): boolean {
  return error === null && returned === null;
}

/** The same request, which begins a sign-in where it is accepted. */
function asSignIn(change: Row['change'], subject: TestedProvider) {
  return (sent: URLSearchParams) => {
    change(sent, subject);
    sent.delete('prompt');
  };
}

function unsignedJwt(claims: Readonly<Record<string, string>>): string {
  const parts = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.`;
}
