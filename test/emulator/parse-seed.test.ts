import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { parseSeed } from '../../src/emulator/parse-seed.js';
import { defaultSeed, printedDescription } from '../../src/emulator/seed.js';
import { printedSeedSchema } from '../../src/emulator/seed-schema.js';
import { allows, undescribed } from '../support/json-schema.js';

const application = {
  type: 'Native',
  appId: 'app',
  redirectUris: ['http://localhost:3000/callback'],
};
/** A seed that says everything. */
const everything = {
  applications: [
    { ...application, thirdParty: true, maxAllowedGrants: 2, postLogoutRedirectUris: [] },
    {
      ...application,
      appId: 'exchanging',
      allowTokenExchange: true,
      accessControl: { users: ['erin'], roles: ['staff'] },
      postLogoutRedirectUris: [],
    },
  ],
  users: [
    {
      id: '1',
      username: 'erin',
      password: 'x',
      phone: '15550100',
      suspended: true,
      passwordExpired: true,
      totpSecret: 'GEZDGNBVGY3TQOJQ',
      backupCodes: ['a', 'b'],
      personalAccessTokens: [
        { name: 'ci', value: 'pat_a' },
        { name: 'old', value: 'pat_b', expired: true },
      ],
    },
  ],
  resources: [],
  organizations: [],
  signInExperience: {
    signInMethods: ['username', 'email', 'phone'],
    registration: 'off',
    passwordPolicy: { minLength: 12, characterTypes: 3, rejectUserInfo: true },
    mfa: { factors: ['Totp', 'BackupCode'], policy: 'Mandatory' },
    captcha: true,
    maxAttempts: 3,
    lockoutMinutes: 5,
  },
  oneTimeTokens: [{ email: 'erin@example.test', token: 'x', expired: true }],
};
const parse = (seed: unknown) => parseSeed(JSON.stringify(seed));

describe('parseSeed', () => {
  it('reads what an emulator prints', async () => {
    const emulator = await startEmulator();
    await emulator.close();
    for (const description of [emulator.description, printedDescription(emulator.description)]) {
      expect(parse(description)).toEqual(defaultSeed());
    }
  });

  it('takes a list that is absent from the default seed', () => {
    expect(parse({})).toEqual(defaultSeed());
    const users = [{ id: '1', username: 'erin', password: 'emulator-only' }];
    const { applications, resources, organizations } = defaultSeed();
    expect(parse({ users })).toEqual({
      applications,
      users,
      resources,
      organizations: organizations.map((organization) => ({ ...organization, members: [] })),
    });
  });

  it('fills in ids, post sign-out URIs, scopes and members', () => {
    const seed = parse({
      applications: [application],
      users: [{ username: 'erin', password: 'x' }],
      resources: [{ indicator: 'urn:things' }],
      organizations: [{ name: 'Acme' }],
    });
    expect(seed.applications[0]?.postLogoutRedirectUris).toEqual([]);
    expect(seed.users[0]?.id).toMatch(/^[\da-f]{12}$/);
    expect(seed.resources).toEqual([{ indicator: 'urn:things', scopes: [] }]);
    expect(seed.organizations).toEqual([
      { id: expect.stringMatching(/^[\da-f]{12}$/), name: 'Acme', members: [] },
    ]);
  });

  it('takes deviceFlow: false as nothing said', () => {
    const { applications } = parse({ applications: [{ ...application, deviceFlow: false }] });
    expect(applications).toEqual([{ ...application, postLogoutRedirectUris: [] }]);
  });

  it('keeps further facts about a user', () => {
    const user = {
      id: '1',
      username: 'erin',
      password: 'x',
      name: 'Erin',
      email: 'erin@example.test',
      picture: 'https://example.test/erin.png',
      roles: ['admin'],
      customData: { plan: 'pro' },
    };
    expect(parse({ users: [user] }).users).toEqual([user]);
  });

  it('keeps the rules of signing in, and prints nothing of what is not set', async () => {
    expect(parse(everything)).toEqual(everything);
    const emulator = await startEmulator({ seed: parse(everything) });
    await emulator.close();
    expect(parse(printedDescription(emulator.description))).toEqual(everything);
    const off = { ...application, thirdParty: false };
    expect(parse({ applications: [off] }).applications[0]).not.toHaveProperty('thirdParty');
    expect(parse({ signInExperience: {} }).signInExperience).toEqual({});
    expect(parse({})).not.toHaveProperty('signInExperience');
  });

  it.each([
    ['$: the seed is not JSON', '{'],
    ['$: must be an object', '[]'],
    ['$: must be an object', 'null'],
    [
      '$.tenants: is not known (known here: $schema, endpoint, issuer, control, applications, users, resources, organizations, signInExperience, oneTimeTokens)',
      '{"tenants":[]}',
    ],
    [
      '$.resources[0].__proto__: is not known (known here: indicator, scopes)',
      '{"resources":[{"indicator":"urn:a","__proto__":{"scopes":[]}}]}',
    ],
  ])('says "%s"', (message, json) => {
    expect(() => parseSeed(json)).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
  });

  it.each([
    ['$.applications: must be a list', { applications: {} }],
    ['$.applications[0]: must be an object', { applications: ['x'] }],
    [
      '$.applications[0].type: must be one of Native, Traditional, SPA, MachineToMachine',
      { applications: [{ ...application, type: 'Web' }] },
    ],
    [
      '$.applications[0].appId: must be a text that is not empty',
      { applications: [{ ...application, appId: '' }] },
    ],
    ['$.applications[0].appId: must be printable ASCII', { applications: [{ ...application, appId: 'ü' }] }],
    [
      '$.applications[0].redirectUris: must be a list',
      { applications: [{ ...application, redirectUris: 'x' }] },
    ],
    ['$.applications[0].redirectUris: needs at least one', { applications: [{ type: 'SPA', appId: 'x' }] }],
    [
      '$.applications[0].redirectUris: is not for an application to which no browser is sent back',
      { applications: [{ ...application, deviceFlow: true }] },
    ],
    [
      '$.applications[0].redirectUris: is not for an application to which no browser is sent back',
      { applications: [{ ...application, type: 'MachineToMachine', appSecret: 'x' }] },
    ],
    [
      '$.applications[0].appSecret: must be a text that is not empty',
      { applications: [{ type: 'MachineToMachine', appId: 'x' }] },
    ],
    [
      '$.applications[0].deviceFlow: must be true or false',
      { applications: [{ ...application, deviceFlow: 'yes' }] },
    ],
    [
      '$.applications[0].deviceFlow: is for Native applications only',
      { applications: [{ ...application, type: 'SPA', deviceFlow: true }] },
    ],
    ['$.resources[0].indicator: must be an absolute URI', { resources: [{ indicator: 'things' }] }],
    ['$.resources[0].indicator: must not have a fragment', { resources: [{ indicator: 'urn:a#b' }] }],
    [
      '$.resources[0].indicator: is reserved',
      { resources: [{ indicator: 'urn:logto:resource:organizations' }] },
    ],
    [
      '$.resources[0].scopes[0]: must be printable ASCII without spaces, " and \\',
      { resources: [{ indicator: 'urn:a', scopes: ['read things'] }] },
    ],
    [
      '$.resources[1].indicator: is there twice',
      { resources: [{ indicator: 'urn:a' }, { indicator: 'urn:a' }] },
    ],
    ['$.organizations[0].name: must be a text that is not empty', { organizations: [{}] }],
    [
      '$.organizations[0].members[1]: is not the username of a user',
      { organizations: [{ name: 'Acme', members: ['alice', 'nobody'] }] },
    ],
    [
      '$.organizations[1].id: is there twice',
      {
        organizations: [
          { id: 'a', name: 'A' },
          { id: 'a', name: 'B' },
        ],
      },
    ],
    [
      '$.applications[0].redirectUris: needs at least one',
      { applications: [{ ...application, redirectUris: [] }] },
    ],
    [
      '$.applications[0].redirectUris[0]: must be an absolute URI',
      { applications: [{ ...application, redirectUris: ['/callback'] }] },
    ],
    [
      '$.applications[0].redirectUris[0]: must not have a fragment',
      { applications: [{ ...application, redirectUris: ['http://localhost/#a'] }] },
    ],
    [
      '$.applications[0].appSecret: must be a text that is not empty',
      { applications: [{ ...application, type: 'Traditional' }] },
    ],
    [
      '$.applications[0].appSecret: is not for a Native application, which is a public client',
      { applications: [{ ...application, appSecret: 'x' }] },
    ],
    [
      '$.applications[0].secret: is not known (known here: type, thirdParty, allowTokenExchange, maxAllowedGrants, appId, appSecret, accessControl, idTokenAlgorithm, deviceFlow, redirectUris, postLogoutRedirectUris, backchannelLogoutUri)',
      { applications: [{ ...application, secret: 'x' }] },
    ],
    [
      '$.applications[0].allowTokenExchange: is not for a third-party application',
      { applications: [{ ...application, thirdParty: true, allowTokenExchange: true }] },
    ],
    [
      '$.applications[0].accessControl: must name a user or a role who may use the application',
      { applications: [{ ...application, accessControl: { users: [], roles: [] } }] },
    ],
    [
      '$.applications[0].accessControl.users[1]: is not the username of a user',
      { applications: [{ ...application, accessControl: { users: ['alice', 'Bob'] } }] },
    ],
    [
      '$.applications[0].accessControl: is not for a MachineToMachine application, which has no users',
      {
        applications: [
          { type: 'MachineToMachine', appId: 'm2m', appSecret: 'x', accessControl: { users: ['alice'] } },
        ],
      },
    ],
    [
      '$.users[1].personalAccessTokens[0].value: is there twice',
      {
        users: ['erin', 'finn'].map((username) => ({
          username,
          password: 'x',
          personalAccessTokens: [{ name: 'ci', value: 'pat_a' }],
        })),
      },
    ],
    [
      '$.users[0].personalAccessTokens[1].name: is there twice',
      {
        users: [
          {
            username: 'erin',
            password: 'x',
            personalAccessTokens: ['pat_a', 'pat_b'].map((value) => ({ name: 'ci', value })),
          },
        ],
      },
    ],
    [
      '$.resources[0].indicator: is reserved',
      { resources: [{ indicator: 'https://default.logto.app/api' }] },
    ],
    ['$.applications[1].appId: is there twice', { applications: [application, application] }],
    ['$.users[0].password: must be a text that is not empty', { users: [{ username: 'erin' }] }],
    [
      '$.users[0].roles[0]: must be a text that is not empty',
      { users: [{ username: 'erin', password: 'x', roles: [1] }] },
    ],
    [
      '$.users[0].customData: must be an object',
      { users: [{ username: 'erin', password: 'x', customData: 1 }] },
    ],
    [
      '$.users[1].username: is there twice',
      {
        users: [
          { username: 'erin', password: 'x' },
          { username: 'erin', password: 'y' },
        ],
      },
    ],
    [
      '$.users[0].totpSecret: must be base32 (A-Z and 2-7)',
      { users: [{ username: 'erin', password: 'x', totpSecret: '0189' }] },
    ],
    [
      '$.users[0].phone: must be digits, without +',
      { users: [{ username: 'erin', password: 'x', phone: '+1' }] },
    ],
    [
      '$.users[0].suspended: must be true or false',
      { users: [{ username: 'erin', password: 'x', suspended: 'yes' }] },
    ],
    [
      '$.users[1].email: is there twice',
      {
        users: [
          { username: 'erin', password: 'x', email: 'e@example.test' },
          { username: 'finn', password: 'x', email: 'e@example.test' },
        ],
      },
    ],
    [
      '$.signInExperience.mfa.rules: is not known (known here: factors, policy)',
      { signInExperience: { mfa: { rules: 1 } } },
    ],
    [
      '$.signInExperience.rules: is not known (known here: signInMethods, registration, passwordPolicy, mfa, captcha, maxAttempts, lockoutMinutes)',
      { signInExperience: { rules: 1 } },
    ],
    [
      '$.signInExperience.signInMethods[0]: must be one of username, email, phone',
      { signInExperience: { signInMethods: ['social'] } },
    ],
    [
      '$.signInExperience.registration: must be one of off, username, email',
      { signInExperience: { registration: false } },
    ],
    [
      '$.signInExperience.passwordPolicy.minLength: must be a whole number from 1 to 256',
      { signInExperience: { passwordPolicy: { minLength: '8' } } },
    ],
    [
      '$.signInExperience.mfa.factors[0]: must be one of Totp, BackupCode',
      { signInExperience: { mfa: { factors: ['WebAuthn'] } } },
    ],
    [
      '$.signInExperience.maxAttempts: must be a whole number from 1 to 1000000',
      { signInExperience: { maxAttempts: 0 } },
    ],
    ['$.oneTimeTokens[0].token: must be a text that is not empty', { oneTimeTokens: [{ email: 'a' }] }],
  ])('says "%s", as its schema does where it can', (message, seed) => {
    expect(() => parse(seed)).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
    const onlyOurs =
      /is there twice|must name a user|username of a user|is reserved|absolute URI|base32|third-party/;
    expect(allows(printedSeedSchema(), seed)).toBe(onlyOurs.test(message));
  });

  it('is allowed by its schema as an emulator prints it, and as it may be written', async () => {
    const emulator = await startEmulator();
    await emulator.close();
    const printed = JSON.parse(JSON.stringify(printedDescription(emulator.description)));
    expect(allows(printedSeedSchema(), printed)).toBe(true);
    expect(allows(printedSeedSchema(), { $schema: './seed.schema.json', ...everything })).toBe(true);
    expect(printedSeedSchema().$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(undescribed(printedSeedSchema())).toEqual([]);
  });

  it('takes from facts about a user whatever JSON is, but no depth that cannot be written out', () => {
    const customData = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}');
    const users = [{ id: '1', username: 'erin', password: 'x', customData }];
    expect(JSON.stringify(parse({ users }).users)).toBe(JSON.stringify(users));
    const nested = (levels: number) =>
      `{"users":[{"username":"erin","password":"x","customData":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}]}`;
    expect(parseSeed(nested(99)).users).toHaveLength(1);
    expect(() => parseSeed(nested(101))).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: '$.users[0].customData: is nested more than 100 levels deep',
      }),
    );
  });

  it('never repeats a password or a secret', () => {
    const seed = { users: [{ username: '', password: 'the-password' }], applications: [] };
    expect(() => parse(seed)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('the-password') }),
    );
  });
});
