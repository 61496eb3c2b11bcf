import * as z from 'zod/mini';
import { decodeBase32 } from '../headless/totp.js';
import { jsonSchemaOf } from '../schema/schema-fault.js';
import { anyRecord, flag, list, oneOf, record, text, wholeNumber } from '../schema/vocabulary.js';
import { managementResource } from './management-resource.js';
import { organizationsResource } from './organization-names.js';
import {
  applicationTypes,
  identifierTypes,
  idTokenAlgorithms,
  mfaFactors,
  mfaPolicies,
  registrations,
} from './seed.js';

const maximumPasswordLength = 256;
const minutesOfAYear = 525_600;

/** The schema of a seed, as a document for editors. What it cannot say is checked beside it. */
export function printedSeedSchema() {
  return jsonSchemaOf(seedSchema(), 'The seed of logto-cli emulator');
}

/** The schema of a seed, for the program itself. */
export function seedSchema() {
  const ignored = z.optional(z.unknown().check(z.describe('Printed by an emulator, and ignored here.')));
  return record({
    $schema: z.optional(z.unknown().check(z.describe('Where this schema is, for editors.'))),
    endpoint: ignored,
    issuer: ignored,
    control: ignored,
    applications: z.optional(list(application(), 'Instead of one of each type.')),
    users: z.optional(list(user(), 'Instead of alice and bob.')),
    resources: z.optional(list(resource(), 'Instead of https://api.example.test.')),
    organizations: z.optional(
      list(organization(), 'Instead of Acme and Other. Machine-to-machine applications are in the first.'),
    ),
    signInExperience: z.optional(signInExperience()),
    oneTimeTokens: z.optional(list(oneTimeToken(), 'The tokens of magic links.')),
  });
}

function application() {
  const base = {
    thirdParty: z.optional(flag("Somebody else's: users are asked for their consent, on a page.")),
    allowTokenExchange: z.optional(flag('May exchange tokens (RFC 8693). Default: it may not.')),
    maxAllowedGrants: z.optional(
      wholeNumber(1, 10_000, 'How many sign-ins of one user may live at once. Left out: any number.'),
    ),
    appId: printable('The client ID.'),
  };
  const withUsers = {
    accessControl: z.optional(
      record({
        users: z.optional(list(text('A username.'), 'Those who may.')),
        roles: z.optional(list(text('The name of a role.'), 'Whoever has one of them may.')),
      }).check(
        z.refine(
          ({ users = [], roles = [] }) => users.length + roles.length > 0,
          'must name a user or a role who may use the application',
        ),
        z.describe('Who may use the application. Left out: everybody.'),
      ),
    ),
  };
  const confidential = { ...base, appSecret: printable('The client secret.') };
  const publicClient = (type: string) => ({
    ...base,
    appSecret: z.optional(z.never(`is not for a ${type} application, which is a public client`)),
  });
  const noDeviceFlow = {
    deviceFlow: z.optional(z.literal(false, 'is for Native applications only')),
  };
  const idTokens = {
    idTokenAlgorithm: z.optional(
      oneOf(idTokenAlgorithms, 'By what its ID tokens are signed. Default: ES384.'),
    ),
  };
  const noIdTokens = {
    idTokenAlgorithm: z.optional(
      z.never('is not for a MachineToMachine application, which gets no ID token'),
    ),
  };
  const redirects = {
    redirectUris: z
      .array(uri('A redirect URI.'), {
        error: ({ input }) => (input === undefined ? 'needs at least one' : 'must be a list'),
      })
      .check(z.minLength(1, 'needs at least one'), z.describe('Where a browser may be sent back to.')),
    postLogoutRedirectUris: z.optional(list(uri('A post sign-out redirect URI.'), 'For after the sign-out.')),
    backchannelLogoutUri: z.optional(uri('Where it is told that a session is over.')),
  };
  const none = z.optional(
    list(
      z.unknown(),
      'Empty: no browser is sent back.',
      z.maxLength(0, 'is not for an application to which no browser is sent back'),
    ),
  );
  const noRedirects = { redirectUris: none, postLogoutRedirectUris: none };
  const native = { type: z.literal('Native'), ...publicClient('Native'), ...withUsers, ...idTokens };
  return z.discriminatedUnion(
    'type',
    [
      z.discriminatedUnion(
        'deviceFlow',
        [
          record({ ...native, deviceFlow: z.optional(z.literal(false)), ...redirects }),
          record(
            { ...native, deviceFlow: z.literal(true), ...noRedirects },
            'Signs in with the device flow.',
          ),
        ],
        'must be true or false',
      ),
      record({
        type: z.literal('Traditional'),
        ...confidential,
        ...withUsers,
        ...idTokens,
        ...noDeviceFlow,
        ...redirects,
      }),
      record({
        type: z.literal('SPA'),
        ...publicClient('SPA'),
        ...withUsers,
        ...idTokens,
        ...noDeviceFlow,
        ...redirects,
      }),
      record({
        type: z.literal('MachineToMachine'),
        ...confidential,
        accessControl: z.optional(z.never('is not for a MachineToMachine application, which has no users')),
        ...noIdTokens,
        ...noDeviceFlow,
        ...noRedirects,
      }),
    ],
    {
      error: ({ code }: { readonly code: string }) =>
        code === 'invalid_type' ? 'must be an object' : `must be one of ${applicationTypes.join(', ')}`,
    },
  );
}

function user() {
  return record({
    id: z.optional(text('The claim sub. Left out: a new one.')),
    username: text('What it signs in as.'),
    password: text('Is public: everybody who sees the page of the emulator reads it.'),
    name: z.optional(text('The claim name.')),
    email: z.optional(text('The claim email.')),
    phone: z.optional(
      text(
        'Digits of the international form, without +.',
        z.regex(/^[0-9]{3,20}$/, 'must be digits, without +'),
      ),
    ),
    picture: z.optional(text('The claim picture.')),
    roles: z.optional(
      list(text('The name of a role.'), 'The claim roles. things-user has every scope of every resource.'),
    ),
    customData: z.optional(anyRecord('The claim custom_data.')),
    suspended: z.optional(flag('May not sign in any more.')),
    passwordExpired: z.optional(flag('Has to set another password before the next sign-in.')),
    totpSecret: z.optional(
      text(
        'In base32: a code of it is asked for at every sign-in.',
        z.refine((secret) => decodeBase32(secret) !== null, 'must be base32 (A-Z and 2-7)'),
      ),
    ),
    backupCodes: z.optional(list(text('A backup code.'), 'Each stands in for a code once.')),
    personalAccessTokens: z.optional(
      list(personalAccessToken(), 'What applications may exchange for an access token of the user.'),
    ),
  });
}

function personalAccessToken() {
  return record({
    name: text('For people. Unique for its user.'),
    value: printable('The token. At Logto it is pat_ and 32 letters and digits.'),
    expired: z.optional(flag('It does not work any more.')),
  });
}

function resource() {
  return record({
    indicator: uri(
      'The resource indicator (RFC 8707).',
      z.refine(
        (indicator) => ![organizationsResource, managementResource].includes(indicator),
        'is reserved',
      ),
    ),
    scopes: z.optional(list(scope(), 'Users have them through the role things-user.')),
  });
}

function organization() {
  return record({
    id: z.optional(printable('Left out: a new one.')),
    name: text('Its name.'),
    scopes: z.optional(list(scope(), 'Members have them through the role member.')),
    members: z.optional(list(text('A username.'), 'The users who belong to it.')),
  });
}

function signInExperience() {
  const policy = {
    minLength: z.optional(wholeNumber(1, maximumPasswordLength, 'Default: 8.')),
    characterTypes: z.optional(
      wholeNumber(1, 4, 'How many of lower case, upper case, digits and symbols. Default: 1.'),
    ),
    rejectUserInfo: z.optional(flag('Refuses a password with the username in it.')),
  };
  const mfa = {
    factors: z.optional(list(oneOf(mfaFactors, 'A factor.'), 'Default: those that a user of the seed has.')),
    policy: z.optional(oneOf(mfaPolicies, 'Who has to have one. Default: NoPrompt.')),
  };
  return record(
    {
      signInMethods: z.optional(
        list(oneOf(identifierTypes, 'A kind of name.'), 'Beside the password. Default: username.'),
      ),
      registration: z.optional(oneOf(registrations, 'Who may register. Default: username.')),
      passwordPolicy: z.optional(record(policy, 'Rules for new passwords.')),
      mfa: z.optional(record(mfa, 'The second factors.')),
      captcha: z.optional(flag('Asks for a captcha, which nobody can solve here.')),
      maxAttempts: z.optional(
        wholeNumber(1, 1_000_000, 'Failures within an hour that block a name. Default: 100.'),
      ),
      lockoutMinutes: z.optional(wholeNumber(1, minutesOfAYear, 'For how long. Default: 60.')),
    },
    'The rules of signing in and registering.',
  );
}

function oneTimeToken() {
  return record({
    email: text('Whom it signs in, or registers.'),
    token: text('The token, which works once.'),
    expired: z.optional(flag('It does not work any more.')),
  });
}

/** RFC 6749, appendix A: client identifiers and secrets are printable ASCII. */
function printable(description: string) {
  return text(description, z.regex(/^[\x20-\x7e]+$/, 'must be printable ASCII'));
}

/** RFC 6749, section 3.3. */
function scope() {
  return text(
    'One scope.',
    z.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be printable ASCII without spaces, " and \\'),
  );
}

function uri(description: string, ...rules: Parameters<typeof text>[1][]) {
  return text(
    `${description} An absolute URI without a fragment.`,
    z.refine((address) => URL.canParse(address), 'must be an absolute URI'),
    z.regex(/^[^#]*$/, 'must not have a fragment'),
    ...rules.filter((rule) => rule !== undefined),
  );
}
