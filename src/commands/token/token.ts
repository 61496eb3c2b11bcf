import { subjectTokenTypes } from '../../oidc/token-type.js';
import type { ConfigureCommand } from '../command.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions, collectWords } from '../options.js';
import { addExpectOption } from '../report/expect-option.js';
import { addTokenChoiceOptions } from '../request-options.js';
import type { TokenFlags } from './token-flags.js';
import { token } from './token-run.js';

/** `token`: an access token for a resource or an organization, refreshed when needed. */
export const configureToken: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'curl -H "$(logto-cli token --header --resource https://api.example.com)" https://api.example.com/things',
      'eval "$(logto-cli token --env API_TOKEN --resource https://api.example.com)"',
      'logto-cli token --organization org_123 --decode',
      "logto-cli token --resource https://api.example.com --expect 'scope[]=read:things' --expect 'ttl>=600'",
      'pbpaste | logto-cli token --decode -',
      'logto-cli token --exchange --subject-token-type pat --resource https://api.example.com --subject-token-stdin < pat.txt',
      'logto-cli token --client-credentials --resource https://api.example.com --app-secret-stdin < secret.txt',
    ],
  });
  addTokenChoiceOptions(command.optionsGroup('Which token:'))
    .option('--id-token', 'the ID token instead')
    .option('--refresh', 'refresh even if a token is at hand')
    .option('--client-credentials', 'a token for a machine-to-machine application itself; nothing is stored')
    .option('--exchange', 'a token of a user for another token of theirs (RFC 8693); nothing is stored')
    .option(
      '--scope <scope>',
      'scopes to ask for with --client-credentials or --exchange (repeatable)',
      collectWords,
    )
    .optionsGroup('What is exchanged:')
    .option('--subject-token-stdin', "the user's token, from standard input (or LOGTO_CLI_SUBJECT_TOKEN)")
    .option(
      '--subject-token-type <type>',
      `${Object.keys(subjectTokenTypes).join(', ')}, or a URI (default: access-token)`,
    )
    .option('--actor-token-stdin', 'an access token of whoever acts for the user (or LOGTO_CLI_ACTOR_TOKEN)')
    .optionsGroup('In what form:')
    .option('--header', 'as a header: Authorization: Bearer …')
    .option('--env [name]', 'as a line for a shell: export LOGTO_ACCESS_TOKEN=…')
    .option('--decode [token]', 'show what is in the token; - reads one from standard input');
  addExpectOption(command.optionsGroup('Assertions:'));
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((flags: TokenFlags) =>
    run(flags, (context) => token(context, flags)),
  );
};
