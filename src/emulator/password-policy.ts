import type { EmulatorSignInExperience } from './seed.js';

/** A rule that a password breaks, in the shape of Logto's answer. */
export interface BrokenRule {
  readonly code: string;
  readonly interpolation?: Readonly<Record<string, number>>;
}

const maximumLength = 256;
const characterTypes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

/** The rules that a new password breaks. */
export function brokenRules(
  policy: EmulatorSignInExperience['passwordPolicy'],
  password: string,
  username: string,
): readonly BrokenRule[] {
  const { minLength = 8, characterTypes: wantedTypes = 1, rejectUserInfo = false } = policy ?? {};
  const types = characterTypes.filter((type) => type.test(password)).length;
  const broken: BrokenRule[] = [];
  if (password.length < minLength) {
    broken.push({ code: 'password_rejected.too_short', interpolation: { min: minLength } });
  }
  if (password.length > maximumLength) {
    broken.push({ code: 'password_rejected.too_long', interpolation: { max: maximumLength } });
  }
  if (types < wantedTypes) {
    broken.push({ code: 'password_rejected.character_types', interpolation: { min: wantedTypes } });
  }
  if (rejectUserInfo && password.toLowerCase().includes(username.toLowerCase())) {
    broken.push({ code: 'password_rejected.restricted.user_info' });
  }
  return broken;
}

/** A broken rule in words for a page. */
export function brokenRuleText({ code, interpolation = {} }: BrokenRule): string {
  switch (code) {
    case 'password_rejected.too_short':
      return `Password requires a minimum of ${interpolation['min']} characters.`;
    case 'password_rejected.too_long':
      return `Password may have at most ${interpolation['max']} characters.`;
    case 'password_rejected.character_types':
      return `Password should contain at least ${interpolation['min']} types of characters.`;
    default:
      return 'Password should not contain your username.';
  }
}
