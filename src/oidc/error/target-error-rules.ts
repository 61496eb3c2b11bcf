import { inConsole, onApplication } from '../../logto-console.js';
import { shellWord, shellWords } from '../../shell-word.js';
import type { Wording } from '../../wording.js';
import { namedScope } from '../named-scope.js';
import { is, type OAuthErrorRule, type OAuthRequest } from './oauth-error.js';

/** Scopes that a sign-in asks for unasked; `openid` is no sign-in without. */
const defaultScopes = ['profile', 'offline_access'];

/** A value from outside that a shell takes as it is. */
const plain = /^[\w:./@-]{1,200}$/;

/** Whether what is asked for is asked for now, and not at a sign-in before. */
function isAskedNow({ kind }: OAuthRequest): boolean {
  return kind === 'client-credentials' || kind === 'token-exchange';
}

function scopeHint(scope: string | undefined, request: OAuthRequest): Wording {
  const { scopes = [] } = request;
  const permissions = onApplication('Permissions');
  if (isAskedNow(request) || scope === undefined) {
    return {
      general: 'Leave it out of --scope, or allow it for the application or the user at the provider.',
      logto: `Leave it out of --scope, or grant it to the application (${permissions}) or the user.`,
    };
  }
  if (scope === 'openid') {
    return {
      general: 'Allow openid for the application at the provider: without it there is no sign-in.',
      logto: `Allow openid for the application in ${permissions}: without it there is no sign-in.`,
    };
  }
  const others = scopes.filter((name) => name !== 'openid' && name !== scope && plain.test(name));
  const kept = others.length === 0 ? [] : ['--scope', others.join(' ')];
  const without = defaultScopes.includes(scope)
    ? `It is a scope that is asked for by default. Sign in without: logto-cli sign-in ${shellWords(['--no-default-scopes', ...kept])}`
    : 'Leave it out of --scope';
  return {
    general: `${without}, or allow it for the application at the provider.`,
    logto: `${without}, or grant it to the application: ${permissions}.`,
  };
}

function organizationHint({ kind }: OAuthRequest): Wording {
  return kind === 'client-credentials'
    ? {
        general: 'Check the ID, and that the application is a member of the organization at the provider.',
        logto:
          `Check the ID in ${inConsole('Organizations')}, and add the application there: ` +
          'the organization > Machine-to-machine apps.',
      }
    : {
        general: "Check the ID, and the user's membership of the organization at the provider.",
        logto: `Check the ID and the user's membership in ${inConsole('Organizations', 'the organization', 'Members')}.`,
      };
}

const resources = inConsole('API resources');

/** Scopes, resources and organizations: what a token is asked for (RFC 6749, section 5.2; RFC 8707, section 2). */
export const targetRules: readonly OAuthErrorRule[] = [
  {
    when: is('invalid_scope'),
    code: 'scope_not_allowed',
    says: (request, error) => {
      const scope = namedScope(error, request);
      return scope === undefined
        ? 'A scope that was asked for is not allowed'
        : `The scope ${scope} is not allowed`;
    },
    hint: (request, error) => scopeHint(namedScope(error, request), request),
    details: (request, error) => {
      const scope = namedScope(error, request);
      return scope === undefined ? {} : { scope };
    },
  },
  {
    when: (error, { kind }) => kind === 'token-exchange' && error.error === 'insufficient_scope',
    code: 'scope_not_allowed',
    says: (_, { scope }) =>
      `The token that is exchanged lacks ${scope === undefined ? 'a scope' : `the scope ${scope}`} that this needs`,
    hint: () => 'Exchange one that has it, or ask for less: --scope, --resource, --organization.',
    details: (_, { scope }) => (scope === undefined ? {} : { scope }),
  },
  {
    when: is('insufficient_scope'),
    code: 'scope_not_allowed',
    says: ({ organization }, { scope }) => {
      if (organization !== undefined)
        return 'The sign-in lacks the scope urn:logto:scope:organizations, which organization tokens need';
      return `The sign-in lacks ${scope === undefined ? 'a scope' : `the scope ${scope}`} that this needs`;
    },
    hint: ({ organization }, { scope }) => {
      if (organization !== undefined)
        return `Sign in again with: logto-cli sign-in --organization ${shellWord(organization)}`;
      return scope === undefined
        ? 'Sign in again, with that scope: logto-cli sign-in --scope <scope>'
        : `Sign in again, with that scope: logto-cli sign-in --scope ${shellWord(scope)}`;
    },
    details: ({ organization }, { scope }) => ({
      ...(scope !== undefined && { scope }),
      ...(organization !== undefined && { organization, scope: 'urn:logto:scope:organizations' }),
    }),
  },
  {
    when: ({ error }, { kind, resource, organization }) =>
      error === 'invalid_target' &&
      kind === 'client-credentials' &&
      resource === undefined &&
      organization === undefined,
    code: 'resource_unknown',
    says: () => 'The provider wants to know what the token is for',
    hint: () => 'Say it with --resource <uri> or --organization <id>.',
  },
  {
    when: ({ error }, { kind, resource }) =>
      error === 'invalid_target' && kind === 'refresh' && resource !== undefined,
    code: 'resource_unknown',
    says: ({ resource }) => `The resource ${resource} is unknown, or was not asked for at sign-in`,
    hint: ({ resource = '' }) => ({
      general: `Sign in again with: logto-cli sign-in --resource ${shellWord(resource)} (the identifier as the provider has it)`,
      logto: `Sign in again with: logto-cli sign-in --resource ${shellWord(resource)} (the API identifier in ${resources})`,
    }),
    details: ({ resource = '' }) => ({ resource }),
  },
  {
    when: is('invalid_target'),
    code: 'resource_unknown',
    says: ({ resource, resources: several = [] }) => {
      const [only = resource] = several;
      if (several.length > 1) return `The provider does not know one of the resources ${several.join(', ')}`;
      return only === undefined
        ? 'The provider does not know a resource that was asked for'
        : `The provider does not know the resource ${only}`;
    },
    hint: (request) => {
      const asked = isAskedNow(request) ? '.' : ', and ask for it at sign-in.';
      return {
        general: `Give --resource exactly the identifier that the provider has for the API${asked}`,
        logto: `Give --resource exactly the API identifier of ${resources}${asked}`,
      };
    },
    details: ({ resource, resources: several = [] }) => {
      if (several.length > 1) return { resources: several };
      const [only = resource] = several;
      return only === undefined ? {} : { resource: only };
    },
  },
];

/** After all others: an error that only an organization explains. */
export const organizationRule: OAuthErrorRule = {
  when: ({ error, status }, { organization }) =>
    error === 'access_denied' && status === 403 && organization !== undefined,
  code: 'organization_denied',
  says: ({ kind, organization = '' }) =>
    `The organization ${JSON.stringify(organization)} is unknown, or ` +
    `the ${kind === 'client-credentials' ? 'application' : 'user'} is no member`,
  hint: organizationHint,
  details: ({ organization = '' }) => ({ organization }),
};
