import { SecretMask } from '../../secret-forms.js';

/** Lines of what an application printed last that are told. */
const mostLines = 15;
/** Variables of these names hold what nobody else is to read. */
const secretNames = /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|KEY|AUTH|DSN|DATABASE_URL|CONNECTION/i;
/** What is shorter is no secret, and would be found everywhere. */
const shortestSecret = 6;

/**
 * What an application printed last, short enough to be told, without the secrets of the environment that it was started in.
 */
export function tellingLastWords(
  environment: Readonly<Record<string, string | undefined>>,
): (output: string) => string {
  const secrets = Object.entries(environment).flatMap(([name, value = '']) =>
    secretNames.test(name) && value.length >= shortestSecret ? [value] : [],
  );
  const mask = new SecretMask('‹redacted›', secrets);
  return (output) => mask.hide(output).trimEnd().split('\n').slice(-mostLines).join('\n');
}
