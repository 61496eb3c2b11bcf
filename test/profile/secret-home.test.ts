import { describe, expect, it } from 'vitest';
import { findSecret } from '../../src/profile/secret-home.js';
import { type SecretVariable, secretFlags } from '../../src/profile/secret-kinds.js';
import { resolveSettings } from '../../src/profile/settings.js';
import { secretVariables } from '../../src/secret-variables.js';

/** From the strongest to the weakest. */
const places = ['flags', 'environment', 'dotenv', 'profile'] as const;
type Place = (typeof places)[number];
/** Every kind that there is: whoever adds one has it looked at here. */
const kinds = Object.keys(secretFlags) as SecretVariable[];
/** What a source names beside its secret. */
const halves = [[], ['endpoint'], ['appId'], ['endpoint', 'appId']] as const;
type Named = Partial<Record<'endpoint' | 'appId', string>>;

const own: Required<Named> = { endpoint: 'https://own.test', appId: 'own' };
const other: Required<Named> = { endpoint: 'https://other.test', appId: 'other' };
const pick = (from: Required<Named>, names: (typeof halves)[number]): Named =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

/** What becomes of a secret at one place, where these places name something. */
function found(variable: SecretVariable, at: Place, named: Partial<Record<Place, Named>>) {
  const settings = settingsWith(variable, at, named);
  return findSecret(settings.sources, settings, variable);
}

/** The settings of a run with such a variable at one place. */
function settingsWith(
  variable: string,
  at: Place,
  named: Partial<Record<Place, Named>>,
  value = 'the-secret',
) {
  const variables = (place: Place) => ({
    LOGTO_ENDPOINT: named[place]?.endpoint,
    LOGTO_APP_ID: named[place]?.appId,
    ...(at === place && { [variable]: value }),
  });
  return resolveSettings(named.flags ?? {}, [variables('environment'), variables('dotenv')], {
    profiles: { default: named.profile ?? {} },
  });
}

const pairs = (['environment', 'dotenv'] as const).flatMap((at) =>
  places.filter((place) => place !== at).map((place) => [at, place] as const),
);
const cases = pairs.flatMap(([at, place]) =>
  halves.flatMap((ofOwn) => halves.map((ofOther) => ({ at, place, ofOwn, ofOther }))),
);

describe('a secret', () => {
  it.each(cases)('in $at that names $ofOwn, while $place names $ofOther', ({ at, place, ofOwn, ofOther }) => {
    for (const kind of kinds) {
      const { secret, setAside } = found(kind, at, {
        [at]: pick(own, ofOwn),
        [place]: pick(other, ofOther),
      });
      // Only what is stronger can lead it away from home, and only by naming the same half otherwise.
      const isStronger = places.indexOf(place) < places.indexOf(at);
      const isLedAway = isStronger && ofOwn.some((half) => (ofOther as readonly string[]).includes(half));
      expect(secret).toBe(isLedAway ? undefined : 'the-secret');
      expect(setAside).toHaveLength(isLedAway ? 1 : 0);
    }
  });

  it.each(cases)(
    'in $at that names $ofOwn, while $place names the same ($ofOther), is used',
    ({ at, place, ofOwn, ofOther }) => {
      const named = { [at]: pick(own, ofOwn), [place]: pick(own, ofOther) };
      for (const kind of kinds) {
        expect(found(kind, at, named)).toMatchObject({ secret: 'the-secret', setAside: [] });
      }
    },
  );

  it.each(kinds)('of every kind that is set aside is told, with whose it is and why (%s)', (variable) => {
    const { setAside } = found(variable, 'environment', { environment: own, flags: { appId: 'other' } });
    expect(setAside).toEqual([
      expect.stringMatching(
        `^${variable} is set, but the environment names the application own, while --app-id names other: it is not used\\.`,
      ),
    ]);
    expect(setAside.join()).not.toContain('the-secret');
  });

  it.each(kinds)('of every kind is kept from the processes that we start (%s)', (variable) => {
    expect(secretVariables).toContain(variable);
  });

  it.each(cases)(
    'that is a private key in $at that names $ofOwn, while $place names $ofOther',
    ({ at, place, ofOwn, ofOther }) => {
      const named = { [at]: pick(own, ofOwn), [place]: pick(other, ofOther) };
      const { clientKey, setAside } = settingsWith('LOGTO_CLI_CLIENT_KEY', at, named, '{"kty":"EC"}');
      const isStronger = places.indexOf(place) < places.indexOf(at);
      const isLedAway = isStronger && ofOwn.some((half) => (ofOther as readonly string[]).includes(half));
      expect(clientKey?.value).toBe(isLedAway ? undefined : '{"kty":"EC"}');
      expect(setAside.filter((line) => line.startsWith('LOGTO_CLI_CLIENT_KEY'))).toHaveLength(
        isLedAway ? 1 : 0,
      );
    },
  );

  it('that is a private key is none of what the file of --dotenv finds on this machine', () => {
    const named = { dotenv: own };
    const { clientKey, setAside } = settingsWith('LOGTO_CLI_CLIENT_KEY', 'dotenv', named, '/other/key.pem');
    expect(clientKey).toBeUndefined();
    expect(setAside).toEqual([
      expect.stringMatching(/^LOGTO_CLI_CLIENT_KEY of the file of --dotenv is not a key .*--client-key/),
    ]);
    const ofPerson = settingsWith('LOGTO_CLI_CLIENT_KEY', 'environment', named, '/own/key.pem');
    expect(ofPerson).toMatchObject({ clientKey: { value: '/own/key.pem' }, setAside: [] });
  });

  it('that is set aside names both halves, and the file or the variable that leads it away', () => {
    const { setAside } = found('LOGTO_APP_SECRET', 'dotenv', { dotenv: own, environment: other });
    expect(setAside).toEqual([
      'LOGTO_APP_SECRET of the file of --dotenv is set, but the file of --dotenv names the application own, while ' +
        'LOGTO_APP_ID names other, and the file of --dotenv names the provider https://own.test/oidc, while ' +
        'LOGTO_ENDPOINT names https://other.test/oidc: it is not used. To send it there all the same, pipe it in ' +
        'with --app-secret-stdin.',
    ]);
  });

  it('that is set aside leaves the place to a weaker one that belongs there', () => {
    const variables = (named: Required<Named>, LOGTO_APP_SECRET: string) => ({
      LOGTO_ENDPOINT: named.endpoint,
      LOGTO_APP_ID: named.appId,
      LOGTO_APP_SECRET,
    });
    const environments = [variables(other, 'of-another'), variables(own, 'the-secret')];
    const { appSecret, setAside } = resolveSettings(own, environments, { profiles: {} });
    expect(appSecret).toBe('the-secret');
    expect(setAside).toHaveLength(1);
  });

  it('never comes with what may be the password of an address', () => {
    const { setAside } = found('LOGTO_APP_SECRET', 'environment', {
      environment: { endpoint: 'https://user:sesame@own.test' },
      flags: { endpoint: 'https://user:sesame@other.test' },
    });
    expect(setAside).toHaveLength(1);
    expect(setAside.join()).not.toContain('sesame');
  });
});
