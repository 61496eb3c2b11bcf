import { organizationAudience } from '../../src/emulator/organization-names.js';
import {
  changed,
  json,
  type PassingFault,
  type PassingRequest,
  type SeenTraffic,
  sentTo,
  withJwts,
} from '../support/faulty-fetch.js';
import type { Json } from '../support/signed-jwt.js';

/** A provider with one fault, and what the check that is made for it says then. */
export interface FaultWithUser {
  readonly fault: PassingFault;
  /** Default: `failed`. */
  readonly finds?: 'failed' | 'warning';
}

const resource = 'https://api.example.test';
const redirectUri = 'http://localhost:3000/callback';

const grant = ({ path, form }: PassingRequest) => (path === '/oidc/token' ? form.get('grant_type') : null);
const isCode = (request: PassingRequest) => grant(request) === 'authorization_code';
const isRefresh = (request: PassingRequest) => grant(request) === 'refresh_token';
const isFor = (name: string) => (request: PassingRequest) => isRefresh(request) && request.form.has(name);
const isPlainRefresh = (request: PassingRequest) =>
  isRefresh(request) && !['scope', 'resource', 'organization_id'].some((name) => request.form.has(name));
const isForResource = (request: PassingRequest) =>
  isFor('resource')(request) && !request.form.has('organization_id');
const isForOrganization = (request: PassingRequest) =>
  isFor('organization_id')(request) && !request.form.has('resource');
const isExchange = (request: PassingRequest) => grant(request)?.endsWith(':token-exchange') === true;
const subjectOf = ({ form }: PassingRequest) => form.get('subject_token') ?? '';
const isJwt = (request: PassingRequest) => subjectOf(request).includes('.');
const isUserInfo = ({ path }: PassingRequest) => path === '/oidc/me';
const isRevocation = ({ path }: PassingRequest) => path === '/oidc/token/revocation';
/** The end of a run tells no kind. */
const isTold = (kind: string) => (request: PassingRequest) =>
  isRevocation(request) && request.form.get('token_type_hint') === kind;
const isAuthorization = ({ path }: PassingRequest) => path === '/oidc/auth';
const isStranger = ({ form }: PassingRequest) => form.get('client_id') !== 'emulator-native';
const bearerOf = ({ headers }: PassingRequest) => headers['authorization']?.replace('Bearer ', '') ?? '';

type Test = (request: PassingRequest, seen: SeenTraffic) => boolean;

/** What should be refused is not. */
function accepts(test: Test, body: Json = { access_token: 'faulty', token_type: 'Bearer' }): FaultWithUser {
  return {
    fault: async (request, pass, seen) => {
      const response = await pass();
      return response.status >= 400 && test(request, seen) ? Response.json(body) : response;
    },
  };
}

/** Requests are answered so by somebody else. */
function answers(test: Test, status: number, error: string): FaultWithUser {
  return {
    fault: async (request, pass, seen) =>
      test(request, seen) ? Response.json({ error }, { status }) : pass(),
  };
}

/** The JSON of good answers is changed. */
function says(test: Test, change: (body: Json, request: PassingRequest) => Json): FaultWithUser {
  return {
    fault: async (request, pass, seen) => {
      const response = await pass();
      return response.ok && test(request, seen)
        ? changed(response, (body) => change(body, request))
        : response;
    },
  };
}

/** The request is changed before the provider sees it. */
function hears(change: (request: PassingRequest) => void): FaultWithUser {
  return {
    fault: (request, pass) => {
      change(request);
      return pass();
    },
  };
}

/** The authorization response is changed. */
function returns(change: (location: URL, seen: SeenTraffic) => void): FaultWithUser {
  return {
    fault: async (_, pass, seen) => {
      const response = await pass();
      const isHome = response.headers.get('location')?.startsWith(redirectUri) === true;
      return isHome ? sentTo(response, (location) => change(location, seen)) : response;
    },
  };
}

function idToken(change: (claims: Json, header: Json) => void): FaultWithUser {
  return { fault: withJwts({ member: 'id_token', change: (header, claims) => change(claims, header) }) };
}

function accessToken(
  when: (request: PassingRequest) => boolean,
  change: (claims: Json, header: Json) => void,
): FaultWithUser {
  return {
    fault: withJwts({ when, member: 'access_token', change: (header, claims) => change(claims, header) }),
  };
}

/** One after the other, the first nearest to the provider. */
function both(one: FaultWithUser, other: FaultWithUser): FaultWithUser {
  return { fault: (request, pass, seen) => other.fault(request, () => one.fault(request, pass, seen), seen) };
}

function forged(token: unknown): string {
  const [header, claims, signature = ''] = String(token).split('.');
  return [header, claims, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.');
}

const without =
  (name: string) =>
  ({ [name]: _, ...rest }: Json): Json =>
    rest;

/** One fault for each check that signs a user in, by the id of the check. */
export const faultsWithUser: Readonly<Record<string, FaultWithUser>> = {
  'sign-in.code': returns(({ searchParams }) => {
    searchParams.delete('code');
    searchParams.set('error', 'access_denied');
  }),
  'sign-in.state': returns(({ searchParams }) => searchParams.set('state', 'another')),
  'sign-in.issuer': returns(({ searchParams }) => searchParams.delete('iss')),
  'sign-in.login-hint': {
    ...hears(({ url }) => url.searchParams.delete('login_hint')),
    finds: 'warning',
  },

  'code.exchange': answers(isCode, 400, 'invalid_grant'),
  'code.lifetime': { ...says(isCode, without('expires_in')), finds: 'warning' },
  'code.no-store': {
    fault: async (request, pass) => {
      const response = await pass();
      if (isCode(request)) response.headers.delete('cache-control');
      return response;
    },
  },
  'code.wrong-verifier': accepts(
    (request, seen) =>
      isCode(request) &&
      request.form.has('code_verifier') &&
      !seen.isVerifier(request.form.get('code_verifier') ?? ''),
  ),
  'code.no-verifier': accepts((request) => isCode(request) && !request.form.has('code_verifier')),
  'code.wrong-redirect-uri': accepts(
    (request) => isCode(request) && (request.form.get('redirect_uri') ?? redirectUri) !== redirectUri,
  ),
  'code.no-redirect-uri': answers(
    (request) => isCode(request) && !request.form.has('redirect_uri'),
    500,
    'server_error',
  ),
  'code.client': accepts((request) => isCode(request) && isStranger(request)),

  'id-token.present': says(isCode, without('id_token')),
  'id-token.algorithm': {
    fault: withJwts({ member: 'id_token', change: () => {}, announced: 'ES384' }),
  },
  'id-token.signature': both(
    says(isCode, (body) => ({ ...body, id_token: forged(body['id_token']) })),
    // The provider itself would not take it either.
    hears(({ url }) => url.searchParams.delete('id_token_hint')),
  ),
  'id-token.issuer': idToken((claims) => {
    claims['iss'] = 'http://localhost:1/oidc';
  }),
  'id-token.audience': idToken((claims) => {
    claims['aud'] = 'another';
  }),
  'id-token.authorized-party': idToken((claims) => {
    claims['azp'] = 'another';
  }),
  'id-token.subject': both(
    both(
      idToken((claims) => {
        claims['sub'] = 'ünknown';
      }),
      says(isUserInfo, (body) => ({ ...body, sub: 'ünknown' })),
    ),
    accessToken(
      (request) => isRefresh(request) || isExchange(request),
      (claims) => {
        claims['sub'] = 'ünknown';
      },
    ),
  ),
  'id-token.nonce': idToken((claims) => {
    claims['nonce'] = undefined;
  }),
  'id-token.issued-at': idToken((claims) => {
    claims['iat'] = Number(claims['iat']) + 3600;
  }),
  'id-token.expiry': idToken((claims) => {
    claims['exp'] = Number(claims['iat']) - 1;
  }),
  'id-token.access-token-hash': idToken((claims) => {
    claims['at_hash'] = 'AAAA';
  }),

  'userinfo.answers': {
    fault: async (request, pass) => {
      const response = await pass();
      return response.ok && isUserInfo(request) ? new Response('<html>') : response;
    },
  },
  'userinfo.subject': says(isUserInfo, (body) => ({ ...body, sub: 'another' })),
  'userinfo.agrees': {
    ...says(isUserInfo, (body) => ('username' in body ? { ...body, username: 'another' } : body)),
    finds: 'warning',
  },
  'userinfo.updated-at': both(
    idToken((claims) => {
      claims['updated_at'] = 'now';
    }),
    says(isUserInfo, (body) => ('updated_at' in body ? { ...body, updated_at: 'now' } : body)),
  ),
  'userinfo.id-token': accepts(
    (request, seen) =>
      isUserInfo(request) &&
      bearerOf(request).includes('.') &&
      seen.refreshTokens.has(bearerOf(request)) &&
      !isAccessToken(bearerOf(request)),
    { sub: 'alice' },
  ),

  'refresh.issued': says(isCode, without('refresh_token')),
  'refresh.works': answers(isRefresh, 400, 'invalid_grant'),
  'refresh.id-token': {
    fault: withJwts({
      when: isRefresh,
      member: 'id_token',
      change: (_, claims) => {
        claims['sub'] = 'another';
      },
    }),
  },
  'refresh.client': accepts((request) => isRefresh(request) && isStranger(request)),
  'refresh.rotation': {
    fault: async (request, pass, { notes }) => {
      const name = request.form.has('token') ? 'token' : 'refresh_token';
      const known = request.form.get(name) ?? '';
      const newest = notes.get(known);
      if (newest !== undefined) request.form.set(name, newest);
      const response = await pass();
      if (!response.ok || !isRefresh(request)) return response;
      return changed(response, (body) => {
        notes.set(known, String(body['refresh_token']));
        return { ...body, refresh_token: known };
      });
    },
  },
  'refresh.reuse-at-once': answers(
    (request, seen) => isRefresh(request) && isOld(request, seen) && usesOf(request, seen) === 2,
    500,
    'server_error',
  ),
  'refresh.reuse': accepts(
    (request, seen) => isRefresh(request) && isOld(request, seen) && usesOf(request, seen) === 3,
  ),
  'refresh.reuse-ends-tokens': answers(
    (request, seen) => isRefresh(request) && isOld(request, seen) && usesOf(request, seen) === 3,
    400,
    'invalid_grant',
  ),

  'code.replay': accepts((request, seen) => isCode(request) && usesOf(request, seen) === 2),
  'code.replay-ends-tokens': {
    ...answers((request, seen) => isCode(request) && usesOf(request, seen) === 2, 400, 'invalid_grant'),
    finds: 'warning',
  },

  'scope.granted': says(
    (request) => isCode(request) || isPlainRefresh(request),
    (body) => ({ ...body, scope: `${body['scope']} email` }),
  ),
  'scope.narrower': hears((request) => {
    if (isRefresh(request) && request.form.get('scope') === 'openid') request.form.delete('scope');
  }),
  'scope.narrower-claims': {
    fault: async (request, pass, { notes }) => {
      const response = await pass();
      if (response.ok && isRefresh(request) && request.form.get('scope') === 'openid') {
        notes.set('narrow', String((await json(response))['access_token']));
      }
      return response.ok && isUserInfo(request) && bearerOf(request) === notes.get('narrow')
        ? changed(response, (body) => ({ ...body, username: 'alice' }))
        : response;
    },
  },
  'scope.narrower-once': {
    fault: async (request, pass, { notes }) => {
      const response = await pass();
      if (isRefresh(request) && request.form.get('scope') === 'openid') notes.set('narrowed', 'yes');
      return response.ok && isPlainRefresh(request) && notes.has('narrowed')
        ? changed(response, (body) => ({ ...body, scope: 'openid' }))
        : response;
    },
  },
  'scope.wider': {
    fault: async (request, pass) => {
      const response = await pass();
      const scope = request.form.get('scope');
      return isRefresh(request) && response.status === 400 && scope !== null
        ? Response.json({ access_token: 'faulty', token_type: 'Bearer', scope })
        : response;
    },
  },

  'resource.unknown': accepts(
    (request) => isForResource(request) && request.form.get('resource') !== resource,
  ),
  'resource.token': accessToken(isForResource, (claims) => {
    claims['aud'] = 'https://other.example.test';
  }),
  'resource.signature': says(isForResource, (body) => ({
    ...body,
    access_token: forged(body['access_token']),
  })),
  'resource.type': {
    ...accessToken(isForResource, (_, header) => {
      header['typ'] = 'JWT';
    }),
    finds: 'warning',
  },
  'resource.claims': accessToken(isForResource, (claims) => {
    claims['sub'] = 'another';
  }),
  'resource.scope': accessToken(isForResource, (claims) => {
    claims['scope'] = 'read:things delete:everything';
  }),
  'resource.userinfo': accepts((request) => isUserInfo(request) && isAccessToken(bearerOf(request)), {
    sub: 'alice',
  }),

  'organization.token': accessToken(isForOrganization, (claims) => {
    claims['aud'] = organizationAudience('another');
  }),
  'organization.signature': says(isForOrganization, (body) => ({
    ...body,
    access_token: forged(body['access_token']),
  })),
  'organization.claims': accessToken(isForOrganization, (claims) => {
    claims['iss'] = 'http://localhost:1/oidc';
  }),
  'organization.unknown': accepts(isForOrganization),
  'organization.membership': both(
    idToken((claims) => {
      claims['organizations'] = [];
    }),
    says(isUserInfo, (body) => ('organizations' in body ? { ...body, organizations: [] } : body)),
  ),
  'organization.resource': accessToken(isFor('organization_id'), (claims) => {
    claims['organization_id'] = undefined;
  }),

  'exchange.token': { ...answers(isExchange, 400, 'invalid_grant'), finds: 'warning' },
  'exchange.unknown': accepts(
    (request, { revoked }) =>
      isExchange(request) && !isStranger(request) && !isJwt(request) && !revoked.has(subjectOf(request)),
  ),
  'exchange.id-token': accepts((request) => isExchange(request) && isJwt(request)),
  'exchange.client': accepts((request) => isExchange(request) && isStranger(request)),
  'exchange.resource': accessToken(isExchange, (claims) => {
    claims['sub'] = 'another';
  }),
  'exchange.revoked': accepts(
    (request, { revoked }) => isExchange(request) && revoked.has(subjectOf(request)),
  ),

  'session.silent': {
    fault: async (request, pass) => {
      const response = await pass();
      return isAuthorization(request) && request.url.searchParams.get('prompt') === 'none'
        ? sentTo(response, ({ searchParams }) => searchParams.set('error', 'login_required'))
        : response;
    },
  },
  'session.prompt-login': hears((request) => {
    const { searchParams } = request.url;
    if (searchParams.get('prompt') === 'login') searchParams.set('prompt', 'consent');
  }),
  'session.max-age': hears((request) => {
    if (request.url.searchParams.get('max_age') === '0') request.url.searchParams.delete('max_age');
  }),
  'session.auth-time': hears((request) => {
    if (request.url.searchParams.get('max_age') === '3600') request.url.searchParams.delete('max_age');
  }),

  'revocation.client': hears((request) => {
    if (isRevocation(request) && isStranger(request)) request.form.set('client_id', 'emulator-native');
  }),
  'revocation.done': answers(
    (request) => isTold('refresh_token')(request) && !isStranger(request),
    400,
    'invalid_request',
  ),
  'revocation.refresh-token': accepts(
    (request, { revoked }) => isRefresh(request) && revoked.has(request.form.get('refresh_token') ?? ''),
  ),
  'revocation.its-access-token': {
    ...accepts(
      (request, { revoked, refreshTokens }) =>
        isUserInfo(request) && revoked.has(refreshTokens.get(bearerOf(request)) ?? ''),
      { sub: 'alice' },
    ),
    finds: 'warning',
  },
  'revocation.again': {
    fault: async (request, pass, { notes }) => {
      const isSecond = notes.has(request.form.get('token') ?? '');
      if (!isTold('refresh_token')(request) || isStranger(request)) return pass();
      notes.set(request.form.get('token') ?? '', 'revoked');
      return isSecond ? Response.json({ error: 'invalid_request' }, { status: 400 }) : pass();
    },
    finds: 'warning',
  },
  'revocation.access-token': {
    fault: async (request, pass) => (isTold('access_token')(request) ? new Response() : pass()),
  },

  'sign-out.redirect': {
    fault: async (request, pass) => {
      const response = await pass();
      return request.path === '/oidc/session/end/confirm'
        ? sentTo(response, ({ searchParams }) => searchParams.delete('state'))
        : response;
    },
  },
  'sign-out.session': hears(({ path, form }) => {
    if (path === '/oidc/session/end/confirm') form.delete('logout');
  }),
  'sign-out.refresh-token': {
    fault: async (request, pass, { notes, refreshTokens }) => {
      const hint = request.url.searchParams.get('id_token_hint');
      if (hint !== null) notes.set(refreshTokens.get(hint) ?? '', 'ended');
      return isRefresh(request) && notes.has(request.form.get('refresh_token') ?? '')
        ? Response.json({ error: 'invalid_grant' }, { status: 400 })
        : pass();
    },
    finds: 'warning',
  },
  'session.side-by-side': {
    fault: async (request, pass, { notes }) => {
      if (request.path === '/oidc/session/end') notes.set('another browser', 'came last');
      return isUserInfo(request) && notes.has('another browser')
        ? Response.json({ error: 'invalid_token' }, { status: 401 })
        : pass();
    },
    finds: 'warning',
  },
  'clean-up.ended': {
    ...answers(
      (request) => isRevocation(request) && !request.form.has('token_type_hint'),
      503,
      'server_error',
    ),
    finds: 'warning',
  },
};

function usesOf({ form }: PassingRequest, { uses }: SeenTraffic): number {
  return uses.get(form.get('code') ?? form.get('refresh_token') ?? '') ?? 0;
}

/** Whether a refresh token has been replaced by another. */
function isOld({ form }: PassingRequest, { refreshTokens }: SeenTraffic): boolean {
  return refreshTokens.has(form.get('refresh_token') ?? '');
}

function isAccessToken(token: string): boolean {
  const [header = ''] = token.split('.');
  return Buffer.from(header, 'base64url').toString().includes('at+jwt');
}
