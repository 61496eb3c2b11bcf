import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenarioFile } from '../../../src/check/scenario/scenario-file.js';
import { scenarioSchema } from '../../../src/check/scenario/scenario-schema.js';
import { failureOf } from '../../support/failure-of.js';
import { allows, memberNames, undescribed } from '../../support/json-schema.js';

const user = { username: 'alice', passwordVariable: 'PASSWORD' };
const connection = {
  profile: 'ci',
  endpoint: 'https://tenant.logto.app',
  appId: 'app',
  appSecretVariable: 'APP_SECRET',
  redirectUri: 'com.example.app:/callback',
  scopes: ['email'],
  resources: ['https://api.example.test'],
  organization: 'acme',
};

/** A file with one scenario that differs so from a sound one. */
function file(change: Readonly<Record<string, unknown>>, defaults?: unknown) {
  return { ...(defaults !== undefined && { defaults }), scenarios: [{ name: 'alice', user, ...change }] };
}

/** What a document is about, where it is wrong (`null`: nowhere), and the document. */
const samples: readonly (readonly [what: string, fault: string | null, document: unknown])[] = [
  ['one sign-in', null, file({})],
  ['a schema for editors', null, { $schema: './scenario.schema.json', ...file({}) }],
  ['defaults of every kind', null, file({}, connection)],
  ['everything', null, file({ ...connection, signUp: true, expect: ['sub', 'roles[]=admin'] })],
  ['an expected failure', null, file({ expectError: 'account_locked' })],
  ['a magic link', null, file({ user: { email: 'a@example.test', oneTimeTokenVariable: 'TOKEN' } })],
  ['two factors', null, file({ user: { ...user, totpSecretVariable: 'TOTP', backupCodeVariable: 'CODE' } })],
  ['no object', '', []],
  ['nothing', '', null],
  ['no scenarios', 'scenarios', {}],
  ['no scenario', 'scenarios', { scenarios: [] }],
  ['scenarios that are no list', 'scenarios', { scenarios: {} }],
  ['a scenario that is no object', 'scenarios[0]', { scenarios: ['alice'] }],
  ['an unknown member', 'version', { ...file({}), version: 1 }],
  ['a member of the prototype', 'scenarios[0].constructor', file({ constructor: 1 })],
  ['a member that becomes the prototype', 'scenarios[0].__proto__', file(JSON.parse('{"__proto__":{}}'))],
  ['a scenario without a name', 'scenarios[0].name', { scenarios: [{ user }] }],
  ['an empty name', 'scenarios[0].name', file({ name: '' })],
  ['a scenario without a user', 'scenarios[0].user', { scenarios: [{ name: 'nobody' }] }],
  ['a password', 'scenarios[0].user.password', file({ user: { username: 'alice', password: 'hunter2' } })],
  ['a secret', 'scenarios[0].appSecret', file({ appSecret: 'hunter2' })],
  [
    'a password as a name',
    'scenarios[0].user.passwordVariable',
    file({ user: { ...user, passwordVariable: 'hunter2' } }),
  ],
  ['a user without a secret', 'scenarios[0].user', file({ user: { username: 'alice' } })],
  [
    'a user with two secrets',
    'scenarios[0].user',
    file({ user: { email: 'a@example.test', passwordVariable: 'P', oneTimeTokenVariable: 'T' } }),
  ],
  ['a user without a name', 'scenarios[0].user', file({ user: { passwordVariable: 'PASSWORD' } })],
  ['a user with two names', 'scenarios[0].user', file({ user: { ...user, phone: '15550100' } })],
  [
    'a phone number with +',
    'scenarios[0].user.phone',
    file({ user: { phone: '+1', passwordVariable: 'P' } }),
  ],
  [
    'a token without an address',
    'scenarios[0].user.email',
    file({ user: { username: 'alice', oneTimeTokenVariable: 'TOKEN' } }),
  ],
  ['two providers', 'scenarios[0]', file({ endpoint: 'https://a.test', issuer: 'https://b.test' })],
  [
    'two providers by default',
    'defaults',
    file({}, { endpoint: 'https://a.test', issuer: 'https://b.test' }),
  ],
  ['an endpoint that is no address', 'defaults.endpoint', file({}, { endpoint: 'tenant.logto.app' })],
  ['a user by default', 'defaults.user', file({}, { user })],
  ['scopes that are one text', 'scenarios[0].scopes', file({ scopes: 'a b' })],
  ['a scope with a space', 'scenarios[0].scopes[1]', file({ scopes: ['a', 'b c'] })],
  ['a resource that is no URI', 'scenarios[0].resources[0]', file({ resources: ['things'] })],
  ['signUp that is a text', 'scenarios[0].signUp', file({ signUp: 'yes' })],
  ['an unknown code', 'scenarios[0].expectError', file({ expectError: 'suspended' })],
  ['a code of our own', 'scenarios[0].expectError', file({ expectError: 'assertion_failed' })],
  ['success and failure', 'scenarios[0]', file({ expect: ['sub'], expectError: 'account_locked' })],
  ['an expectation that is a number', 'scenarios[0].expect[0]', file({ expect: [1] })],
];

function isAccepted(document: unknown): boolean {
  try {
    parseScenarioFile(JSON.stringify(document));
    return true;
  } catch {
    return false;
  }
}

describe('a file of scenarios', () => {
  it.each(samples)('with %s is wrong at %j', async (_, fault, document) => {
    const json = JSON.stringify(document);
    if (fault === null) expect(parseScenarioFile(json).scenarios).toHaveLength(1);
    else {
      const failure = await failureOf(() => parseScenarioFile(json));
      expect(failure).toMatchObject({ code: 'config_invalid', details: { path: fault } });
      expect(failure.message).toContain(fault);
      expect(failure.message + failure.hint).not.toContain('hunter2');
    }
  });

  it.each(samples)('with %s is to its schema what it is to the program', (_, fault, document) => {
    expect(allows(scenarioSchema(), document)).toBe(fault === null);
  });

  it('has a schema that describes each member', () => {
    expect(undescribed(scenarioSchema())).toEqual([]);
  });

  it('is to its schema what it is to the program, whatever one changes', () => {
    const schema = scenarioSchema();
    const sound = samples.filter(([, fault]) => fault === null).map(([, , document]) => document);
    // Nothing here is wrong in a way that only the program can tell.
    const values = [
      undefined,
      null,
      true,
      '',
      'roles',
      'A_B',
      'a b',
      'https://x.test',
      ['sub'],
      [],
      [1],
      {},
      user,
    ];
    const changed = fc.record({
      document: fc.constantFrom(...sound),
      place: fc.nat(),
      name: fc.constantFrom('scenarios', 'defaults', ...memberNames(schema)),
      value: fc.constantFrom(...values),
    });
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(changed, (change) => {
        const copy = structuredClone(change.document) as object;
        const objects = objectsIn(copy);
        Object.assign(objects[change.place % objects.length] ?? {}, { [change.name]: change.value });
        const document = JSON.parse(JSON.stringify(copy));
        const isAllowed = allows(schema, document);
        seen.add(isAllowed);
        expect(isAccepted(document)).toBe(isAllowed);
      }),
      { numRuns: 500 },
    );
    expect(seen.size).toBe(2);
  });

  it.each([
    [
      'names that are one slug',
      {
        scenarios: [
          { name: 'a b', user },
          { name: 'A-b!', user },
        ],
      },
      'scenarios[1].name',
    ],
    ['a name without letters', file({ name: '?!' }), 'scenarios[0].name'],
    ['no assertion', file({ expect: ['sub', '=x'] }), 'scenarios[0].expect[1]'],
    ['no regular expression', file({ expect: ['sub~('] }), 'scenarios[0].expect[0]'],
    [
      'a registration that Logto has not',
      file({ signUp: true, user: { phone: '15550100', passwordVariable: 'PASSWORD' } }),
      'scenarios[0].user',
    ],
  ])('is looked at beyond its schema: %s', async (_, document, path) => {
    const failure = await failureOf(() => parseScenarioFile(JSON.stringify(document)));
    expect(failure).toMatchObject({ code: 'config_invalid', details: { path } });
  });

  it('says where it stops being JSON, where the engine tells, and repeats nothing of it', async () => {
    const failure = await failureOf(() => parseScenarioFile('{\n  "hunter2": x }'));
    expect(failure.message).toMatch(/^The file of scenarios is not JSON( \(line 2, column \d+\))?\.$/);
  });

  it('gives each scenario an id of its name, in whatever script', () => {
    const ids = ['Admin sees the role!', 'Größe', '管理者'].map((name) => ({ name, user }));
    expect(parseScenarioFile(JSON.stringify({ scenarios: ids })).scenarios.map(({ id }) => id)).toEqual([
      'scenario.admin-sees-the-role',
      'scenario.große',
      'scenario.管理者',
    ]);
  });

  it('says what to do with a secret that stands in it', async () => {
    const { hint } = await failureOf(() => parseScenarioFile(JSON.stringify(file({ password: 'hunter2' }))));
    expect(hint).toContain('"passwordVariable"');
  });
});

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value, ...inner];
}
