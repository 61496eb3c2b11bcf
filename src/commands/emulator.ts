import {
  type EmulatorApplication,
  type EmulatorDescription,
  type EmulatorIdTokenAlgorithm,
  idTokenAlgorithms,
} from '../emulator/seed.js';
import { LogtoError } from '../errors.js';
import { fields } from '../output/fields.js';
import type { Paint } from '../output/paint.js';
import { shortened } from '../output/plain-text.js';
import { readNamedTextOrPipe } from '../read-file.js';
import type { CommandContext } from '../session/command-context.js';
import { shellWord } from '../shell-word.js';
import type { ConfigureCommand, OutputFlags } from './command.js';
import { Option } from './commander.js';
import { addTlsOptions, collect, wholeNumber } from './options.js';

interface EmulatorFlags extends OutputFlags {
  readonly port: number;
  readonly seed?: string;
  readonly schema?: boolean;
  readonly redirectUri?: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly fault?: readonly string[];
  readonly idTokenAlgorithm?: EmulatorIdTokenAlgorithm;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** `emulator`: a local Logto-compatible provider, until a signal ends it. */
export const configureEmulator: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli emulator',
      'logto-cli emulator --port 0 --json',
      'logto-cli emulator --schema > seed.schema.json',
      'logto-cli emulator --redirect-uri http://localhost:8080/callback --post-logout-redirect-uri http://localhost:8080/',
      'logto-cli emulator --fault token=status:503 --fault clock=+10m',
      'logto-cli emulator --id-token-algorithm RS256 --tls-cert localhost.pem --tls-key localhost-key.pem',
      'logto-cli sign-in --endpoint http://localhost:4000 --app-id emulator-native',
    ],
    notes: [
      'Everything is in memory and gone when it ends. The default applications, users, secrets and passwords are fixed, so that configuration can be written down.',
      'Its seed, its faults, and how to use it in tests: logto-cli help emulator',
    ],
  });
  command
    .option('--port <number>', 'port to listen on; 0 is any free one', wholeNumber(0, 65_535), 4000)
    .option('--seed <file>', 'what to start with, in the shape that --json prints')
    .option('--schema', 'print the JSON Schema of such files, for editors')
    .option('--redirect-uri <uri>', 'registered redirect URI of the applications (repeatable)', collect)
    .option('--post-logout-redirect-uri <uri>', 'registered post sign-out URI (repeatable)', collect)
    .addOption(
      new Option(
        '--id-token-algorithm <alg>',
        'by what the ID tokens of the applications are signed',
      ).choices(idTokenAlgorithms),
    )
    .option('--fault <name=value>', 'what it does wrong (repeatable), such as token=slow:5s', collect);
  addTlsOptions(command)
    .option('--json', 'print one line of JSON when it is ready')
    .option('-v, --verbose', 'each request on stderr, in a line, without anything secret')
    .action((flags: EmulatorFlags) => run(flags, (context) => runEmulator(context, flags)));
};

async function runEmulator({ runtime, output }: CommandContext, flags: EmulatorFlags): Promise<number> {
  if (flags.schema) {
    const schema = (await import('../emulator/seed-schema.js')).printedSeedSchema();
    output.result(schema);
    return 0;
  }
  const [{ startEmulator }, { checkFaults }, { readTls }, seeds] = await Promise.all([
    import('../emulator/emulator.js'),
    import('../emulator/faults/emulator-faults.js'),
    import('../emulator/emulator-tls.js'),
    import('../emulator/seed.js'),
  ]);
  const { defaultSeed, printedDescription, withIdTokenAlgorithm, withRedirects } = seeds;
  const tls = await readTls(flags);
  const { redirectUri, postLogoutRedirectUri, idTokenAlgorithm } = flags;
  const named = withRedirects(flags.seed === undefined ? defaultSeed() : await readSeed(flags.seed), {
    ...(redirectUri && { redirectUris: redirectUri }),
    ...(postLogoutRedirectUri && { postLogoutRedirectUris: postLogoutRedirectUri }),
  });
  const isDefault = [flags.seed, redirectUri, postLogoutRedirectUri, idTokenAlgorithm].every(
    (flag) => flag === undefined,
  );
  const emulator = await startEmulator({
    port: flags.port,
    // What is not ours is read by a schema, and what does that takes a tenth of a start to load.
    ...(!isDefault && {
      seed: idTokenAlgorithm === undefined ? named : withIdTokenAlgorithm(named, idTokenAlgorithm),
    }),
    ...(tls !== null && { tls }),
    faults: checkFaults(Object.fromEntries((flags.fault ?? []).map(nameAndValue))),
    onRequest: ({ method, path, grantType, status }, milliseconds) => {
      const what = [method, shortened(path, 200), grantType && `(${shortened(grantType, 100)})`];
      output.detail(`${what.filter(Boolean).join(' ')}: ${status} in ${Math.round(milliseconds)} ms`);
    },
    onFailure: (error) =>
      output.detail(`The emulator failed at a request: ${error instanceof Error ? error.name : 'error'}`),
  });
  const { interruption } = runtime;
  const ended = new Promise<unknown>((resolve) => {
    interruption.addEventListener('abort', () => resolve(interruption.reason), { once: true });
  });
  // One line, so that a script can read it while the emulator runs.
  if (flags.json) runtime.stdout.writeJson(printedDescription(emulator.description));
  else output.result(emulator.description, descriptionLines(emulator.description, output.paint));
  const reason = await ended;
  await emulator.close();
  const terminated = reason instanceof LogtoError && reason.details?.['signal'] === 'SIGTERM';
  return terminated ? 143 : 130;
}

async function readSeed(path: string) {
  const { parseSeed } = await import('../emulator/parse-seed.js');
  const text = await readNamedTextOrPipe(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The file of --seed cannot be read: ${path} (${why}).`,
        'Make one to begin with: logto-cli emulator --port 0 --json > seed.json',
      ),
  );
  return parseSeed(text);
}

function nameAndValue(fault: string): [string, string] {
  const [name = '', ...value] = fault.split('=');
  return [name, value.join('=')];
}

function descriptionLines(description: EmulatorDescription, paint: Paint): string[] {
  const { endpoint, issuer, applications, users, resources, organizations } = description;
  const native = applications.find(({ type }) => type === 'Native') ?? applications[0];
  return [
    `${paint.bold('Logto-compatible provider')} at ${paint.bold(endpoint)} (issuer ${issuer})`,
    '',
    paint.bold('Applications'),
    ...fields(applications.map(applicationField), '  '),
    paint.bold('Users'),
    ...fields(
      users.map(({ username, password }) => [username, `password ${password}`]),
      '  ',
    ),
    paint.bold('API resources'),
    ...fields(
      resources.map(({ indicator, scopes }) => [indicator, `scopes ${scopes.join(' ')}`]),
      '  ',
    ),
    paint.bold('Organizations'),
    ...fields(
      organizations.map(({ id, name, members }) => [
        name,
        members.length === 0 ? id : `${id}, members ${members.join(', ')}`,
      ]),
      '  ',
    ),
    ...(native === undefined
      ? []
      : [
          '',
          `Try it: logto-cli sign-in --endpoint ${shellWord(endpoint)} --app-id ${shellWord(native.appId)}`,
        ]),
    'Ctrl-C ends it.',
  ];
}

function applicationField({ type, deviceFlow, appId, appSecret }: EmulatorApplication): [string, string] {
  const name = deviceFlow === true ? `${type}, device flow` : type;
  return [name, appSecret === undefined ? appId : `${appId}, secret ${appSecret}`];
}
