import type { ConfigureCommand } from '../command.js';
import {
  addOutputOptions,
  addProfileOptions,
  addProviderOptions,
  collect,
  collectWords,
} from '../options.js';
import { collectResource } from '../resource-option.js';
import type { VerifyFlags } from './verify-flags.js';

/** `verify`: what an API would say of a token, clause by clause. */
export const configureVerify: ConfigureCommand = (command, run) => {
  command
    .argument(
      '[token]',
      'the token; - reads it from standard input, or asks for it unseen (default: the session’s)',
    )
    .explainedBy({
      examples: [
        'logto-cli verify --resource https://api.example.com --scope read:things',
        'pbpaste | logto-cli verify - --audience https://api.example.com',
        'logto-cli verify - --issuer https://accounts.example.com --audience my-api < token.txt',
        "logto-cli verify --json | jq '.checks[] | select(.passed == false)'",
      ],
      lists: [
        {
          heading: 'What an API answers, and what that is here:',
          entries: [
            ['401', 'one of the lines up to nbf is wrong: the token, its signature, for whom or when'],
            ['403', 'scope or organization'],
          ],
        },
      ],
    });
  command
    .optionsGroup('What the API expects:')
    .option('--audience <uri>', 'its own name, as it looks for it in aud (repeatable: any of them)', collect)
    .option('--scope <scope>', 'scopes that it needs (repeatable)', collectWords)
    .option('--organization <id>', 'of this organization; without a token: the session’s for it')
    .optionsGroup('Which token, without one:')
    .option(
      '--resource <uri>',
      'the session’s for this API resource, which is the audience then',
      collectResource,
    );
  addOutputOptions(addProfileOptions(addProviderOptions(command))).action(
    (token: string | undefined, flags: VerifyFlags) =>
      run(flags, async (context) => {
        const { verify } = await import('./verify-run.js');
        return verify(context, token, flags);
      }),
  );
};
