import { createHash } from 'node:crypto';
import type { JsonObject } from '../../oidc/http-answer.js';
import type { ProviderMetadata } from '../../oidc/provider-metadata.js';
import { clockToleranceSeconds } from '../../oidc/validate/id-token-times.js';
import { audiencesOf, decodeJwt, isTime, readJwt } from '../../oidc/validate/jwt.js';
import { algorithmProblem } from '../../oidc/validate/signing-algorithm.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { CheckWithUser } from './check-with-user.js';
import { judgeSignature } from './jwt-signature.js';
import { textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';

/** The ID token of the sign-in, and what it is compared with. */
interface Found {
  readonly jwt: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly subject: TestedUser;
  readonly nonce: string;
  readonly accessToken: string;
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly clause: string;
  readonly judge: (found: Found) => CheckResult | Promise<CheckResult>;
}

const core = 'OpenID Connect Core 1.0,';

const rows: readonly Row[] = [
  {
    id: 'id-token.algorithm',
    title: 'alg of the ID token',
    clause: `${core} 3.1.3.7 (7)`,
    judge: async ({ header: { alg }, subject }) => {
      const { clientSecret } = subject.options;
      const problemIn = ({ id_token_signing_alg_values_supported: announced }: ProviderMetadata) =>
        algorithmProblem(alg, { announced, clientSecret });
      if (problemIn(await subject.provider.metadata()) === null) return passed(`${alg}, which is announced`);
      // The provider may have changed its keys since the checks began.
      const problem = problemIn(await (await subject.provider.publishedAnew()).metadata());
      return problem === null ? passed(`${alg}, which is announced by now`) : wrong(problem.what);
    },
  },
  {
    id: 'id-token.signature',
    title: 'Signature of the ID token',
    clause: `${core} 3.1.3.7 (6)`,
    judge: ({ jwt, subject }) => judgeSignature(jwt, 'ID token', subject),
  },
  {
    id: 'id-token.issuer',
    title: 'iss of the ID token',
    clause: `${core} 3.1.3.7 (2)`,
    judge: ({ claims, subject }) =>
      claims['iss'] === subject.options.issuer
        ? passed('the issuer, to the letter')
        : wrong('does not name the issuer as discovery does (iss)'),
  },
  {
    id: 'id-token.audience',
    title: 'aud of the ID token',
    clause: `${core} 3.1.3.7 (3)`,
    judge: ({ claims, subject }) => {
      const audiences = audiencesOf(claims);
      if (!audiences.includes(subject.options.clientId))
        return wrong('is not meant for this application (aud)');
      return audiences.length > 1 && claims['azp'] === undefined
        ? wrong('is meant for others too, and does not say who may use it (aud without azp)')
        : passed('this application');
    },
  },
  {
    id: 'id-token.authorized-party',
    title: 'azp of the ID token',
    clause: `${core} 3.1.3.7 (5)`,
    judge: ({ claims: { azp }, subject }) => {
      if (azp === undefined) return passed('not there, and not needed');
      return azp === subject.options.clientId
        ? passed('this application')
        : wrong('was issued to another application (azp)');
    },
  },
  {
    id: 'id-token.subject',
    title: 'sub of the ID token',
    clause: `${core} 2`,
    judge: ({ claims: { sub } }) =>
      typeof sub === 'string' && /^[\x20-\x7e]{1,255}$/.test(sub)
        ? passed('at most 255 ASCII characters')
        : wrong('does not name a subject of 1 to 255 ASCII characters (sub)'),
  },
  {
    id: 'id-token.nonce',
    title: 'nonce of the ID token',
    clause: `${core} 3.1.3.7 (11)`,
    judge: ({ claims, nonce }) =>
      claims['nonce'] === nonce
        ? passed('the one of the request')
        : wrong(
            claims['nonce'] === undefined ? 'has no nonce' : 'has a nonce that is not the one of the request',
          ),
  },
  {
    id: 'id-token.issued-at',
    title: 'iat of the ID token',
    clause: `${core} 3.1.3.7 (10)`,
    judge: ({ claims: { iat }, subject }) => {
      const age = isTime(iat) ? subject.options.now() / 1000 - iat : null;
      if (age === null) return wrong('does not say when it was issued (iat)');
      if (age < -clockToleranceSeconds) return wrong('was issued in the future (iat): compare the clocks');
      return age > 300
        ? warning(
            `The ID token was issued ${Math.round(age)} s ago, though the user signed in now (iat).`,
            'Compare the clocks: date on this machine, and the Date of the answers with --trace.',
          )
        : passed('now');
    },
  },
  {
    id: 'id-token.expiry',
    title: 'exp of the ID token',
    clause: `${core} 3.1.3.7 (9)`,
    judge: ({ claims: { exp }, subject }) => {
      const left = isTime(exp) ? exp - subject.options.now() / 1000 : null;
      if (left === null) return wrong('does not say when it expires (exp)');
      return left > 0 ? passed(`in ${Math.round(left)} s`) : wrong('has expired when it comes (exp)');
    },
  },
  {
    id: 'id-token.access-token-hash',
    title: 'at_hash of the ID token',
    clause: `${core} 3.1.3.6 and 3.1.3.8`,
    judge: ({ claims: { at_hash: hash }, header: { alg }, accessToken }) => {
      if (hash === undefined) return passed('not there, and not needed');
      const [, bits] = /^[HREP]S(256|384|512)$/.exec(String(alg)) ?? [];
      if (bits === undefined) return unclear(`Nobody knows here which hash goes with ${alg}.`);
      const digest = createHash(`sha${bits}`).update(accessToken).digest();
      return digest.subarray(0, digest.length / 2).toString('base64url') === hash
        ? passed('belongs to the access token')
        : wrong('belongs to another access token (at_hash)');
    },
  },
];

/** The ID token of the code exchange, clause by clause. */
export const idTokenChecks: readonly CheckWithUser[] = [
  {
    id: 'id-token.present',
    title: 'The ID token is there',
    clause: `${core} 3.1.3.3`,
    needs: ['code.exchange'],
    run: async (subject) => {
      const jwt = textIn((await subject.session()).tokens, 'id_token');
      if (jwt === null)
        return failed('The scope openid was asked for, and no ID token came.', correctProvider);
      const read = readJwt(jwt);
      return 'problem' in read ? wrong(read.problem) : passed('a JWT');
    },
  },
  ...rows.map(({ judge, ...row }) => ({
    ...row,
    needs: ['id-token.present'],
    run: async (subject: TestedUser) => {
      const found = await idTokenOf(subject);
      if (found === null) throw new TypeError('the check before this one found an ID token');
      return judge(found);
    },
  })),
];

async function idTokenOf(subject: TestedUser): Promise<Found | null> {
  const { tokens, authorized, accessToken } = await subject.session();
  const jwt = textIn(tokens, 'id_token');
  const decoded = jwt === null ? null : decodeJwt(jwt);
  if (jwt === null || decoded === null) return null;
  return { jwt, ...decoded, subject, nonce: authorized.request.nonce, accessToken: accessToken ?? '' };
}

function wrong(what: string): CheckResult {
  return failed(`The ID token ${what}.`, correctProvider);
}
