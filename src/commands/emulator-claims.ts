import type { EmulatorUserChange } from '../emulator/control.js';
import { LogtoError } from '../errors.js';

type Field = 'name' | 'email' | 'phone' | 'picture' | 'roles' | 'customData';

/** The claims that a user of the emulator can be given, and what each is read as. */
const claims: Readonly<Record<string, readonly [field: Field, read: (text: string) => unknown]>> = {
  name: ['name', (text) => text],
  email: ['email', (text) => text],
  // OpenID Connect Core, section 5.1, has E.164 with its plus sign, which Logto keeps without.
  phone_number: ['phone', (text) => text.replace(/^\+/, '')],
  picture: ['picture', (text) => text],
  roles: ['roles', (text) => (text.startsWith('[') ? json('roles', text) : words(text))],
  custom_data: ['customData', (text) => json('custom_data', text)],
};

/**
 * What `--claim` flags change of a user: `name=value`, or `!name` for a claim that is not there any more.
 *
 * @throws LogtoError `config_invalid`
 */
export function claimChange(flags: readonly string[]): Omit<EmulatorUserChange, 'username'> {
  return Object.fromEntries(
    flags.map((flag) => {
      const [, not = '', name = '', value] = /^(!?)([^=]*)(?:=(.*))?$/s.exec(flag) ?? [];
      const known = Object.hasOwn(claims, name) ? claims[name] : undefined;
      if (known === undefined) {
        throw invalid(
          `The emulator gives no claim ${JSON.stringify(name)} that could be set.`,
          `Name one of these: ${Object.keys(claims).join(', ')}.`,
        );
      }
      if ((not === '') === (value === undefined)) {
        throw invalid(
          `The claim ${name} of --claim says no value, or one that is to be gone.`,
          "Write --claim name=Alice, or --claim '!name' for none.",
        );
      }
      const [field, read] = known;
      return [field, value === undefined ? null : read(value)];
    }),
  );
}

function words(text: string): string[] {
  return text.split(',').filter((word) => word !== '');
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(
      `The value of ${name} is not JSON.`,
      name === 'roles' ? 'Write --claim roles=one,other.' : `Write --claim 'custom_data={"plan":"pro"}'.`,
    );
  }
}

function invalid(message: string, hint: string): LogtoError {
  return new LogtoError('config_invalid', message, hint);
}
