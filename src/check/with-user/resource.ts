import { randomValue } from '../../oidc/pkce.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import { type CheckWithUser, judgeRefusal } from './check-with-user.js';
import { judgeAudience, judgeClaims } from './judged-token.js';
import { judgeSignature } from './jwt-signature.js';
import { scopesIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';
import type { TokenFor } from './token-for.js';
import { judgeNotTaken } from './userinfo.js';

interface Row extends Omit<CheckWithUser, 'run'> {
  readonly judge: (
    token: TokenFor,
    subject: TestedUser,
    resource: string,
  ) => CheckResult | Promise<CheckResult>;
}

const rows: readonly Row[] = [
  {
    id: 'resource.token',
    title: 'A token for a resource',
    clause: 'RFC 8707, 2.2; RFC 9068, 3',
    needs: ['refresh.works'],
    judge: (token, subject, resource) => judgeAudience(token, resource, subject, { resource }),
  },
  {
    id: 'resource.signature',
    title: 'Signature of a token for a resource',
    clause: 'RFC 9068, 4',
    needs: ['resource.token'],
    judge: ({ jwt }, subject) => judgeSignature(jwt, 'access token', subject),
  },
  {
    id: 'resource.type',
    title: 'Type of a token for a resource',
    clause: 'RFC 9068, 2.1',
    needs: ['resource.token'],
    judge: ({ header: { typ } }) =>
      /^(application\/)?at\+jwt$/i.test(String(typ))
        ? passed('at+jwt')
        : warning(
            'The JWT access token does not say that it is one (typ at+jwt).',
            'Make sure that your API does not take ID tokens for access tokens: it has to look at aud.',
          ),
  },
  {
    id: 'resource.claims',
    title: 'Claims of a token for a resource',
    clause: 'RFC 9068, 2.2',
    needs: ['resource.token', 'id-token.present'],
    judge: (token, subject) => judgeClaims(token, subject),
  },
  {
    id: 'resource.scope',
    title: 'Scopes of a token for a resource',
    clause: 'RFC 9068, 2.2.3; RFC 6749, 5.1',
    needs: ['resource.token'],
    judge: ({ answer, claims }, subject) => {
      const inside = typeof claims['scope'] === 'string' ? claims['scope'].split(' ').filter(Boolean) : [];
      const told = scopesIn(answer) ?? inside;
      const further = inside.filter((scope) => !subject.scopes.includes(scope));
      if (further.length > 0) {
        return failed(
          `The access token has scopes that nobody asked for: ${further.join(' ')}.`,
          correctProvider,
        );
      }
      return told.toSorted().join(' ') === inside.toSorted().join(' ')
        ? passed(
            inside.join(' ') || 'none: ask for them with --scope, and give the user a role that has them',
          )
        : failed('The access token has other scopes than the token response says.', correctProvider);
    },
  },
  {
    id: 'resource.userinfo',
    title: 'UserInfo refuses a token for a resource',
    clause: 'RFC 9068, 4',
    needs: ['resource.token', 'userinfo.answers'],
    judge: ({ jwt }, subject) => judgeNotTaken(subject, jwt, 'a token for a resource'),
  },
];

/** Tokens for resources (`--resource`). Each is looked at; the first that is not as it should be is told. */
export const resourceChecks: readonly CheckWithUser[] = [
  {
    id: 'resource.unknown',
    title: 'A token for an unknown resource',
    clause: 'RFC 8707, 2.2',
    needs: ['refresh.works'],
    run: async (subject) => {
      const resource = `https://${randomValue()}.example`;
      const answer = await (await subject.session()).refresh({ parameters: { resource } });
      return judgeRefusal(answer, 'a resource that the sign-in was not granted', ['invalid_target']);
    },
  },
  ...rows.map(({ judge, ...row }) => ({
    ...row,
    run: async (subject: TestedUser) => {
      const { resources } = subject.options;
      let result = skipped('No resource is given: --resource <indicator>');
      for (const resource of resources) {
        result = await judge(await subject.tokenForResource(resource), subject, resource);
        if (result.outcome !== 'passed') break;
      }
      return result;
    },
  })),
];
