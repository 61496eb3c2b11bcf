import {
  type EmulatorOneTimeToken,
  type EmulatorSignInExperience,
  identifierTypes,
  mfaFactors,
  mfaPolicies,
  registrations,
} from './seed.js';
import { flag, list, oneOf, record, text, wholeNumber } from './seed-values.js';

const maximumAttempts = 1_000_000;
const maximumPasswordLength = 256;
const minutesOfAYear = 525_600;

/** Reads the rules of signing in and registering. What is absent keeps its default, and stays absent. */
export function signInExperience(value: unknown, path: string): EmulatorSignInExperience {
  const entry = record(value, path, [
    'signInMethods',
    'registration',
    'passwordPolicy',
    'mfa',
    'captcha',
    'maxAttempts',
    'lockoutMinutes',
  ]);
  const optional = readerOf(entry, path);
  return {
    ...optional('signInMethods', (given, place) =>
      list(given, place, (type, at) => oneOf(type, at, identifierTypes)),
    ),
    ...optional('registration', (given, place) => oneOf(given, place, registrations)),
    ...optional('passwordPolicy', passwordPolicy),
    ...optional('mfa', mfa),
    ...optional('captcha', flag),
    ...optional('maxAttempts', (given, place) => wholeNumber(given, place, 1, maximumAttempts)),
    ...optional('lockoutMinutes', (given, place) => wholeNumber(given, place, 1, minutesOfAYear)),
  };
}

/** Reads the token of a magic link. */
export function oneTimeToken(value: unknown, path: string): EmulatorOneTimeToken {
  const entry = record(value, path, ['email', 'token', 'expired']);
  return {
    email: text(entry['email'], `${path}.email`),
    token: text(entry['token'], `${path}.token`),
    ...(flag(entry['expired'], `${path}.expired`) && { expired: true }),
  };
}

function passwordPolicy(value: unknown, path: string) {
  const optional = readerOf(record(value, path, ['minLength', 'characterTypes', 'rejectUserInfo']), path);
  return {
    ...optional('minLength', (given, place) => wholeNumber(given, place, 1, maximumPasswordLength)),
    ...optional('characterTypes', (given, place) => wholeNumber(given, place, 1, 4)),
    ...optional('rejectUserInfo', flag),
  };
}

function mfa(value: unknown, path: string) {
  const optional = readerOf(record(value, path, ['factors', 'policy']), path);
  return {
    ...optional('factors', (given, place) =>
      list(given, place, (factor, at) => oneOf(factor, at, mfaFactors)),
    ),
    ...optional('policy', (given, place) => oneOf(given, place, mfaPolicies)),
  };
}

function readerOf(entry: Readonly<Record<string, unknown>>, path: string) {
  return <T>(key: string, read: (value: unknown, path: string) => T): Record<string, T> =>
    entry[key] === undefined ? {} : { [key]: read(entry[key], `${path}.${key}`) };
}
