import { isLoopbackHost } from '../../oidc/issuer-url.js';
import { foreignUri, strangersHost } from '../../oidc/probe/authorization-control.js';
import type { Wording } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto, unclear } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import { type AuthorizationAnswer, describe, verdictOn } from './authorization-answer.js';
import type { CheckWithoutUser } from './check-without-user.js';
import { givenToAnyAddress, givenToEverybody } from './everybody.js';

/** What to do about addresses that are taken beside the registered one. */
const registeredHint: Wording = {
  general:
    'If that URI, or a pattern that matches it, is registered too, nothing is wrong with the provider; remove it if it is not needed.',
  logto:
    'If that URI, or a pattern that matches it, is registered too, nothing is wrong with the provider; remove it ' +
    "if it is not needed (Logto's Console: Applications > your application > Redirect URIs).",
};

/** A redirect URI that is nearly the registered one. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause?: string;
  /** `null`: there is no such variant of this one. */
  readonly variant: (uri: string) => string | null;
  readonly judge?: typeof judge;
}

const rows: readonly Row[] = [
  { id: 'path', title: 'Another path', variant: changed((url) => replacePath(url, '/logto-cli-test')) },
  {
    id: 'path-below',
    title: 'A path below',
    variant: changed((url) => replacePath(url, `${url.pathname.replace(/\/$/, '')}/logto-cli-test`)),
  },
  {
    id: 'trailing-slash',
    title: 'A slash at the end',
    variant: changed((url) =>
      replacePath(url, url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : `${url.pathname}/`),
    ),
  },
  {
    id: 'case',
    title: 'Upper case in the path',
    variant: changed((url) => replacePath(url, url.pathname.toUpperCase())),
  },
  {
    id: 'query',
    title: 'A query',
    variant: changed((url) => url.searchParams.append('logto-cli-test', '1')),
  },
  {
    id: 'fragment',
    title: 'A fragment',
    clause: 'RFC 6749, 3.1.2',
    variant: changed((url) => {
      url.hash = 'logto-cli-test';
    }),
  },
  {
    id: 'host',
    title: 'Another host',
    variant: (uri) =>
      changed((url) => {
        url.hostname = strangersHost;
      })(uri) ?? foreignUri(uri),
    judge: judgeForeign,
  },
  {
    id: 'host-suffix',
    title: 'A host that begins alike',
    variant: changed((url) => {
      url.hostname = `${url.hostname}.${strangersHost}`;
    }),
  },
  {
    id: 'userinfo',
    title: 'The host as a user name',
    variant: changed((url) => {
      url.username = url.hostname;
      url.hostname = strangersHost;
    }),
  },
  {
    id: 'scheme',
    title: 'Another scheme',
    variant: changed((url) => {
      url.protocol = url.protocol === 'http:' ? 'https:' : 'http:';
    }),
  },
];

const exactly = 'RFC 9700, 2.1; OpenID Connect Core 1.0, 3.1.2.1';

/** Browsers are sent to the registered redirect URIs, and nowhere else. */
export const redirectUriChecks: readonly CheckWithoutUser[] = [
  ...rows.map(({ id, title, clause = exactly, variant, judge: judgeVariant = judge }) => ({
    id: `redirect-uri.${id}`,
    title,
    clause,
    needs: ['authorization.request'],
    run: async (subject: TestedProvider) => {
      const uri = variant(subject.redirectUri);
      return uri === null
        ? skipped(`${subject.redirectUri} has no such variant.`)
        : judgeVariant(subject, uri);
    },
  })),
  {
    id: 'redirect-uri.port',
    title: 'Another port',
    clause: 'RFC 8252, 7.3',
    needs: ['authorization.request'],
    run: async (subject) => {
      const uri = anotherPort(subject.redirectUri);
      if (uri === null) return skipped(`${subject.redirectUri} has no port.`);
      const { protocol, hostname } = new URL(uri);
      if (protocol !== 'http:' || !isLoopbackHost(hostname)) return judge(subject, uri);
      const answer = await subject.authorize({ change: (sent) => sent.set('redirect_uri', uri) });
      if (answer.returned === null) {
        return passed(
          `refused: ${describe(answer)}; right for a web application, a native one needs any port`,
        );
      }
      return (
        (await givenToAnyAddress(subject, answer)) ??
        passed('any port of this machine, as native applications need it')
      );
    },
  },
  {
    id: 'redirect-uri.dot-segments',
    title: 'Dots in the path',
    clause: 'RFC 9700, 2.1; RFC 3986, 6.2.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      const { pathname } = new URL(subject.redirectUri);
      if (!pathname.startsWith('/')) return skipped(`${subject.redirectUri} has no such variant.`);
      const uri = subject.redirectUri.replace(pathname, `/logto-cli-test/..${pathname}`);
      const answer = await subject.authorize({ change: (sent) => sent.set('redirect_uri', uri) });
      if (answer.returned === null) return passed(`refused: ${describe(answer)}`);
      return (
        (await givenToAnyAddress(subject, answer)) ??
        knownAtLogto(
          `${uri} passes for the registered URI: they are compared as URLs, not letter by letter.`,
          'Nothing to do: the browser ends up at the registered one.',
        )
      );
    },
  },
  {
    id: 'redirect-uri.missing',
    title: 'No redirect URI',
    clause: 'OpenID Connect Core 1.0, 3.1.2.1; RFC 6749, 3.1.2.3',
    needs: ['authorization.request'],
    run: async (subject) => {
      const answer = await subject.authorize({ change: (sent) => sent.delete('redirect_uri') });
      if (answer.returned === null) return passed(`refused: ${describe(answer)}`);
      return (
        (await givenToEverybody(subject, answer)) ??
        knownAtLogto(
          `A request without a redirect URI is accepted. OAuth allows that with a single registered one, OpenID Connect does not.`,
          'Nothing to do, but to always send it.',
        )
      );
    },
  },
  {
    id: 'redirect-uri.twice',
    title: 'Two redirect URIs',
    clause: 'RFC 6749, 3.1',
    needs: ['authorization.request'],
    run: async (subject) => {
      const answer = await subject.authorize({
        change: (sent) => sent.append('redirect_uri', `https://${strangersHost}/callback`),
      });
      if (answer.returned?.to.hostname === strangersHost || verdictOn(answer) === 'accepted') {
        return (
          (await givenToEverybody(subject, answer)) ??
          failed('A request with a registered and a foreign redirect URI is accepted.', correctProvider)
        );
      }
      return verdictOn(answer) === 'refused'
        ? passed(`refused: ${describe(answer)}`)
        : unclear(`The answer to two redirect URIs does not tell: ${describe(answer)}.`);
    },
  },
];

async function judge(subject: TestedProvider, uri: string): Promise<CheckResult> {
  const answer = await subject.authorize({ change: (sent) => sent.set('redirect_uri', uri) });
  if (answer.returned === null) return judgeRefusal(answer, uri);
  return (
    (await givenToAnyAddress(subject, answer)) ??
    failed(`The browser is sent to ${uri}, where ${subject.redirectUri} is registered.`, registeredHint)
  );
}

/** The one finding about a provider that sends browsers to any address: the other checks refer to it. */
async function judgeForeign(subject: TestedProvider, uri: string): Promise<CheckResult> {
  const result = await judge(subject, uri);
  const answer = await subject.toForeignUri();
  return result.outcome === 'passed' || answer.returned === null
    ? result
    : failed(
        `Browsers are sent to addresses that nobody registered, such as ${uri} (${describe(answer)}): the redirect URI ` +
          'is not validated, or only after errors are sent there. Whoever makes a link can send people anywhere.',
        registeredHint,
      );
}

function judgeRefusal(answer: AuthorizationAnswer, uri: string): CheckResult {
  // With prompt=none whoever takes the URI sends the browser back to it.
  return answer.status >= 400 || answer.error !== null
    ? passed(`refused: ${describe(answer)}`)
    : unclear(`The answer to the redirect URI ${uri} does not tell: ${describe(answer)}.`);
}

/** A variant that is another URL, whose scheme has hosts. */
function changed(change: (url: URL) => void): Row['variant'] {
  return (uri) => {
    const url = new URL(uri);
    if (!/^https?:$/.test(url.protocol)) return null;
    change(url);
    return url.href === new URL(uri).href ? null : url.href;
  };
}

function replacePath(url: URL, path: string): void {
  url.pathname = path;
}

function anotherPort(uri: string): string | null {
  return changed((url) => {
    url.port = url.port === '43210' ? '43211' : '43210';
  })(uri);
}
