import { madeUpParameters } from '../../oidc/probe/made-up-request.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import type { CheckWithoutUser } from './check-without-user.js';

/** A page that has nothing to do with the application. */
const origin = 'https://logto-cli-test.example';

/** What pages of other origins may read. */
export const crossOriginChecks: readonly CheckWithoutUser[] = [
  {
    id: 'cors.token-endpoint',
    title: 'Foreign pages and the token endpoint',
    clause: 'RFC 9700, 2.6; Fetch Standard, CORS protocol and credentials',
    needs: ['client.authentication'],
    run: async (subject) => {
      const { headers } = await subject.post(
        'token_endpoint',
        madeUpParameters('code', subject.redirectUri),
        'without-secret',
        { origin },
      );
      return (
        judge(headers) ??
        passed(headers.has('access-control-allow-origin') ? 'without credentials only' : 'none')
      );
    },
  },
  {
    id: 'cors.authorization-endpoint',
    title: 'Foreign pages and the authorization endpoint',
    clause: 'RFC 9700, 2.6',
    needs: ['authorization.request'],
    run: async (subject) => {
      const reason = await subject.withoutBrowser();
      if (reason !== null) return skipped(`Not used: ${reason}.`);
      const { headers } = await subject.authorize({ headers: { origin } });
      const result = judge(headers);
      if (result !== null) return result;
      return headers.has('access-control-allow-origin')
        ? warning(
            'The authorization endpoint allows cross-origin requests, though no page has to read its answers.',
            'Turn CORS off for it, at the provider or the proxy before it.',
          )
        : passed('none');
    },
  },
];

/** A foreign page that may read answers given to the person's own cookies. */
function judge(headers: Headers): CheckResult | null {
  const isAllowed = headers.get('access-control-allow-origin') === origin;
  const withCredentials = headers.get('access-control-allow-credentials') === 'true';
  return isAllowed && withCredentials
    ? failed(
        'Pages of any origin may read its answers to a signed-in person (Access-Control-Allow-Credentials).',
        correctProvider,
      )
    : null;
}
