import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import { type CheckWithUser, wordsOf } from './check-with-user.js';
import { scopesIn, textIn } from './own-session.js';

/** Scopes: what was granted, and that a refresh can have less of it and never more. */
export const scopeChecks: readonly CheckWithUser[] = [
  {
    id: 'scope.granted',
    title: 'The scopes that are granted',
    clause: 'RFC 6749, 3.3 and 5.1',
    needs: ['code.exchange'],
    run: async (subject) => {
      const granted = scopesIn((await subject.session()).tokens);
      if (granted === null) return passed('all that were asked for, as none are named');
      const further = granted.filter((scope) => !subject.scopes.includes(scope));
      if (further.length > 0) {
        return failed(`Scopes are granted that nobody asked for: ${further.join(' ')}.`, correctProvider);
      }
      const missing = subject.scopes.filter((scope) => !granted.includes(scope));
      return passed(
        missing.length === 0
          ? 'all that were asked for'
          : `all but ${missing.join(' ')}, which may belong to resources`,
      );
    },
  },
  {
    id: 'scope.narrower',
    title: 'Fewer scopes by a refresh',
    clause: 'RFC 6749, 6',
    needs: ['refresh.works'],
    run: async (subject) => {
      const answer = await subject.narrowRefresh();
      if (answer.status !== 200) {
        return warning(
          `A refresh that asks for fewer scopes is refused: ${wordsOf(answer)}.`,
          'Applications have to live with tokens that may do more than is needed.',
        );
      }
      const granted = scopesIn(answer) ?? ['openid'];
      return granted.every((scope) => scope === 'openid')
        ? passed('openid alone')
        : failed(`A refresh that asks for openid alone grants ${granted.join(' ')}.`, correctProvider);
    },
  },
  {
    id: 'scope.narrower-claims',
    title: 'Fewer scopes show fewer claims',
    clause: 'OpenID Connect Core 1.0, 5.4',
    needs: ['scope.narrower', 'userinfo.answers'],
    run: async (subject) => {
      const { json } = await subject.askUserInfo(textIn(await subject.narrowRefresh(), 'access_token') ?? '');
      const names = Object.keys(json ?? {}).filter((name) => name !== 'sub');
      return names.length === 0
        ? passed('sub alone, for openid alone')
        : failed(`UserInfo tells a token with openid alone: ${names.join(', ')}.`, correctProvider);
    },
  },
  {
    id: 'scope.narrower-once',
    title: 'Fewer scopes for one refresh only',
    clause: 'RFC 6749, 6',
    needs: ['scope.narrower'],
    run: async (subject) => {
      await subject.narrowRefresh();
      const session = await subject.session();
      const before = scopesIn(session.tokens) ?? subject.scopes;
      const after = scopesIn(await session.refresh()) ?? before;
      const lost = before.filter((scope) => !after.includes(scope));
      return lost.length === 0
        ? passed('the next refresh has all again')
        : failed(`The next refresh has lost ${lost.join(' ')}.`, correctProvider);
    },
  },
  {
    id: 'scope.wider',
    title: 'More scopes by a refresh',
    clause: 'RFC 6749, 6',
    needs: ['refresh.works'],
    run: async (subject) => {
      const session = await subject.session();
      const granted = scopesIn(session.tokens) ?? subject.scopes;
      const { scopes_supported: supported = [] } = await subject.provider.metadata();
      const further = supported.find((scope) => !granted.includes(scope) && !subject.scopes.includes(scope));
      if (further === undefined) return skipped('Every scope that the provider announces is granted.');
      const answer = await session.refresh({ parameters: { scope: `${granted.join(' ')} ${further}` } });
      if (answer.status >= 400) return passed(`refused: ${wordsOf(answer)}`);
      const isGranted = scopesIn(answer)?.includes(further) ?? true;
      return isGranted
        ? failed(`A refresh grants a scope that the sign-in did not: ${further}.`, correctProvider)
        : passed(`${further} is left out of what is granted`);
    },
  },
];
