import { describe, expect, it } from 'vitest';
import {
  type FirstScreen,
  firstScreens,
  type IdentifierType,
  type ParameterContext,
  signInParameters,
} from '../../src/client/logto-parameters.js';
import { failureOf } from '../support/failure-of.js';

type Options = Parameters<typeof signInParameters>[0];

function atLogto(options: Options, context: Partial<ParameterContext> = {}) {
  const logto = { isLogto: true, configuredPrompt: undefined, promptValues: [] };
  return signInParameters(options, { ...logto, ...context });
}

function elsewhere(options: Options, context: Partial<ParameterContext> = {}) {
  const other = { isLogto: false, configuredPrompt: undefined, promptValues: [] };
  return signInParameters(options, { ...other, ...context });
}

describe('the parameters of a sign-in at Logto', () => {
  it('are prompt=consent, without which there is no refresh token', () => {
    expect(atLogto({})).toEqual({ prompt: 'consent' });
  });

  it('ask for the registration page by first_screen, never by the deprecated interaction_mode', () => {
    expect(atLogto({ interactionMode: 'signUp' })).toEqual({
      first_screen: 'register',
      prompt: 'login consent',
    });
    expect(atLogto({ interactionMode: 'signIn' })).toEqual({ prompt: 'consent' });
  });

  it.each<[string, Options, Record<string, string>]>([
    ['a first screen', { firstScreen: 'reset_password' }, { first_screen: 'reset_password' }],
    ['identifiers', { identifiers: ['email', 'phone'] }, { identifier: 'email phone' }],
    ['a login hint', { loginHint: 'a@b.test' }, { login_hint: 'a@b.test' }],
    [
      'a direct sign-in',
      { directSignIn: { method: 'social', target: 'google' } },
      { direct_sign_in: 'social:google' },
    ],
    ['a one-time token', { oneTimeToken: 'token' }, { one_time_token: 'token' }],
  ])('make Logto show its page for %s, which a live session would ignore', (_, options, sent) => {
    expect(atLogto(options)).toEqual({ ...sent, prompt: 'login consent' });
  });

  it.each(firstScreens)('take the first screen %s', (firstScreen) => {
    expect(atLogto({ firstScreen })['first_screen']).toBe(firstScreen);
  });

  it.each(['signUp', 'signIn', 'REGISTER', '', 'identifier:signup', 'constructor'])(
    'refuse the first screen %j, for which Logto would drop them all',
    async (screen) => {
      const failure = await failureOf(() => atLogto({ firstScreen: screen as FirstScreen, loginHint: 'a' }));
      expect(failure).toMatchObject({ code: 'config_invalid' });
      for (const known of firstScreens) expect(failure.hint).toContain(known);
    },
  );

  it('refuse an identifier of no known type', async () => {
    const failure = await failureOf(() => atLogto({ identifiers: ['e-mail' as IdentifierType] }));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.hint).toContain('username, email, phone');
  });

  it('prefer a first screen to an interaction mode', () => {
    expect(atLogto({ interactionMode: 'signUp', firstScreen: 'sign_in' })['first_screen']).toBe('sign_in');
  });

  it('do not force the page for what a live session heeds', () => {
    const options: Options = { maxAge: 60, acrValues: 'a b', uiLocales: 'fr en', extraParams: { a: 'b' } };
    expect(atLogto(options)).toEqual({
      max_age: '60',
      acr_values: 'a b',
      ui_locales: 'fr en',
      a: 'b',
      prompt: 'consent',
    });
  });

  it('send max_age=0, which means now', () => {
    expect(atLogto({ maxAge: 0 })['max_age']).toBe('0');
  });
});

describe('the prompt', () => {
  it('of this sign-in is stronger than that of the configuration, which is stronger than the default', () => {
    expect(atLogto({ prompt: 'login' }, { configuredPrompt: 'none' })).toEqual({ prompt: 'login' });
    expect(atLogto({}, { configuredPrompt: 'none' })).toEqual({ prompt: 'none' });
    expect(atLogto({ interactionMode: 'signUp', prompt: 'login' })['prompt']).toBe('login');
    expect(elsewhere({}, { configuredPrompt: ['login', 'consent'] })).toEqual({ prompt: 'login consent' });
  });

  it('is not sent at all when it is null', () => {
    expect(atLogto({ prompt: null })).toEqual({});
    expect(atLogto({}, { configuredPrompt: null })).toEqual({});
    expect(atLogto({ prompt: null, interactionMode: 'signUp' })).toEqual({ first_screen: 'register' });
    expect(elsewhere({ prompt: null }, { configuredPrompt: 'login' })).toEqual({});
  });
});

describe('the parameters of a sign-in at another provider', () => {
  it('are none by default', () => {
    expect(elsewhere({})).toEqual({});
    expect(elsewhere({ loginHint: 'a', uiLocales: 'fr' })).toEqual({ login_hint: 'a', ui_locales: 'fr' });
  });

  it('ask for a registration with prompt=create where the provider says that it knows it', () => {
    const context = { promptValues: ['login', 'create'] };
    expect(elsewhere({ interactionMode: 'signUp' }, context)).toEqual({ prompt: 'create' });
    const beside = elsewhere({ interactionMode: 'signUp', prompt: 'consent' }, context);
    expect(beside['prompt']?.split(' ').sort()).toEqual(['consent', 'create']);
  });

  it('refuse a registration where it does not', async () => {
    const failure = await failureOf(() =>
      elsewhere({ interactionMode: 'signUp' }, { promptValues: ['login'] }),
    );
    expect(failure).toMatchObject({ code: 'config_invalid' });
  });

  it.each<[Options, name: string]>([
    [{ firstScreen: 'register' }, 'first_screen'],
    [{ identifiers: ['email'] }, 'identifier'],
    [{ directSignIn: { method: 'sso', target: 'x' } }, 'direct_sign_in'],
    [{ oneTimeToken: 'a-token-that-is-secret' }, 'one_time_token'],
  ])('refuse what only Logto knows by the name that is sent: %j', async (options, name) => {
    const failure = await failureOf(() => elsewhere(options));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain(`The parameter ${name} `);
    expect(failure.message + failure.hint).not.toContain('a-token-that-is-secret');
  });
});

describe('further parameters', () => {
  it.each([
    'client_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'prompt',
    'resource',
    'max_age',
    'acr_values',
    'ui_locales',
    'login_hint',
    'first_screen',
    'identifier',
    'direct_sign_in',
    'one_time_token',
    'response_mode',
    'request',
    'request_uri',
  ])('may not set %s', async (name) => {
    for (const parameters of [atLogto, elsewhere]) {
      const failure = await failureOf(() => parameters({ extraParams: { [name]: 'a-value' } }));
      expect(failure).toMatchObject({ code: 'config_invalid' });
      expect(failure.message).toContain(name);
      // Some have no option, and need none.
      expect(failure.hint).not.toContain('the option made for it');
      expect(failure.message + failure.hint).not.toContain('a-value');
    }
  });

  it('are sent as they are, whatever they are called', () => {
    const extraParams = { audience: 'https://api.test', claims: '{}', constructor: 'x' };
    expect(elsewhere({ extraParams })).toEqual(extraParams);
  });
});
