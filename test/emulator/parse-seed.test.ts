import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { parseSeed } from '../../src/emulator/parse-seed.js';
import { defaultSeed } from '../../src/emulator/seed.js';

const application = {
  type: 'Native',
  appId: 'app',
  redirectUris: ['http://localhost:3000/callback'],
};
const parse = (seed: unknown) => parseSeed(JSON.stringify(seed));

describe('parseSeed', () => {
  it('reads what an emulator prints', async () => {
    const emulator = await startEmulator();
    await emulator.close();
    expect(parse(emulator.description)).toEqual(defaultSeed());
  });

  it('takes a list that is absent from the default seed', () => {
    expect(parse({})).toEqual(defaultSeed());
    const users = [{ id: '1', username: 'erin', password: 'emulator-only' }];
    expect(parse({ users })).toEqual({ applications: defaultSeed().applications, users });
  });

  it('fills in ids and post sign-out URIs', () => {
    const seed = parse({ applications: [application], users: [{ username: 'erin', password: 'x' }] });
    expect(seed.applications[0]?.postLogoutRedirectUris).toEqual([]);
    expect(seed.users[0]?.id).toMatch(/^[\da-f]{12}$/);
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

  it.each([
    ['$: the seed is not JSON', '{'],
    ['$: must be an object', '[]'],
    ['$: must be an object', 'null'],
    ['$.organizations: is not known', '{"organizations":[]}'],
  ])('says "%s"', (message, json) => {
    expect(() => parseSeed(json)).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
  });

  it.each([
    ['$.applications: must be a list', { applications: {} }],
    ['$.applications[0]: must be an object', { applications: ['x'] }],
    [
      '$.applications[0].type: must be one of Native, Traditional, SPA',
      { applications: [{ ...application, type: 'Web' }] },
    ],
    [
      '$.applications[0].appId: must be a text that is not empty',
      { applications: [{ ...application, appId: '' }] },
    ],
    ['$.applications[0].appId: must be printable ASCII', { applications: [{ ...application, appId: 'ü' }] }],
    ['$.applications[0].redirectUris: must be a list', { applications: [{ type: 'SPA', appId: 'x' }] }],
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
    ['$.applications[0].secret: is not known', { applications: [{ ...application, secret: 'x' }] }],
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
  ])('says "%s"', (message, seed) => {
    expect(() => parse(seed)).toThrow(expect.objectContaining({ code: 'config_invalid', message }));
  });

  it('never repeats a password or a secret', () => {
    const seed = { users: [{ username: '', password: 'the-password' }], applications: [] };
    expect(() => parse(seed)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('the-password') }),
    );
  });
});
