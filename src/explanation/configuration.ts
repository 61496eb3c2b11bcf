import { onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

/** Exit code 2: the command line, the configuration or this machine. */
export const configurationErrors = {
  usage_invalid: {
    meaning: 'The command line has a command, a flag or a value that does not exist, or lacks one.',
    causes: [
      {
        cause: 'A command or a flag is misspelt, or belongs to another command.',
        tell: 'The message quotes it, and often names the one that was meant.',
        fix: '`logto-cli --help` lists the commands, `logto-cli <command> --help` the flags of one.',
      },
      {
        cause: 'A flag lacks its value, or has one that it does not take.',
        tell: 'The message names the flag and what it takes, such as a number or one of a list.',
        fix: 'Give the value right after the flag. One that begins with a dash needs an equals sign: `--login-hint=-x`.',
      },
      {
        cause: 'A secret was given as the value of a flag, where every process of the machine can read it.',
        tell: 'The message says that the flag does not exist, and why.',
        fix: 'Set `LOGTO_APP_SECRET`, or pipe it in: `logto-cli sign-in --app-secret-stdin < secret.txt`. Replace a real secret: your shell has kept it in its history.',
      },
      {
        cause: 'Nothing came on standard input, where a secret or a token was expected.',
        tell: '`wc -c < secret.txt` prints 0, or nothing is piped in at all.',
        fix: 'Pipe it in: add `< secret.txt`. Or set `LOGTO_APP_SECRET` and leave `--app-secret-stdin` out.',
      },
      {
        cause: 'Two flags exclude each other, or only make sense together.',
        tell: 'The message names both.',
        fix: 'Keep one of them. The scopes of a session are chosen at sign-in: `logto-cli sign-in --scope <scope>`.',
      },
      {
        cause:
          'The command of `logto-cli exec -- <command>` cannot be found or started (exit code 127 or 126).',
        tell: 'The message quotes the command; `command -v <command>` finds nothing, or a file that is no program. The working directory is searched for no bare name.',
        fix: "Give the path of a program. What only a shell knows needs one: `logto-cli exec -- sh -c '<commands>'`.",
      },
    ],
    seeAlso: ['config_invalid', 'config_missing'],
  },
  config_missing: {
    meaning: 'No OpenID Provider or no application is set: not by a flag, the environment or the profile.',
    causes: [
      {
        cause: 'Nothing has been configured yet.',
        tell: '`logto-cli profile list` says that there is no profile yet.',
        fix: 'At a terminal `logto-cli init` asks for them. Elsewhere copy both values from the page of the application at the provider: `logto-cli profile set default --issuer <issuer> --app-id <client ID>`. Without a provider, try `logto-cli init --emulator`.',
        logto: `At a terminal \`logto-cli init\` asks for them. ${onApplication('Endpoints & Credentials')} has the Logto endpoint and the App ID: \`logto-cli profile set default --endpoint https://<tenant>.logto.app --app-id <App ID>\`.`,
      },
      {
        cause: 'The settings are in another profile than the one in use.',
        tell: '`logto-cli profile list` marks the one in use with `*`; `LOGTO_CLI_PROFILE` is stronger than that mark.',
        fix: 'Name the profile with `--profile <name>`, or for good: `logto-cli profile use <name>`.',
      },
      {
        cause:
          'The variables do not reach the program: not exported, in a `.env` file, or empty in this CI job.',
        tell: '`env | cut -d= -f1 | grep LOGTO` lists those that reach it. An empty one counts as not set.',
        fix: 'Export them, name the file with `--dotenv .env`, or pass them to the step of the job. Jobs for pull requests from forks get no secrets.',
      },
      {
        cause:
          'Only the place of a discovery document is set. What it names as its issuer is for you to say: anybody can publish such a document.',
        tell: 'The message names `--discovery-url` or `LOGTO_CLI_DISCOVERY_URL`.',
        fix: 'Give the issuer beside it, at the same level: `--issuer <issuer> --discovery-url <url>`. The hint has the one that the document names.',
      },
      {
        cause: 'The program looks into another home than the one that was configured.',
        tell: 'You are another user (`id -un`, `sudo`), or `printenv LOGTO_CLI_HOME` differs.',
        fix: 'Use the same user and the same `LOGTO_CLI_HOME`, or give `--endpoint` and `--app-id`.',
      },
    ],
    seeAlso: ['profile_unknown', 'config_invalid'],
  },
  config_invalid: {
    meaning:
      'A setting is malformed, or two contradict each other; the message names the flag, variable or file.',
    causes: [
      {
        cause:
          'The endpoint is not the Logto endpoint: the address of something else, a placeholder of documentation, or no address at all.',
        tell: 'The message says what it is instead; the hint has what was meant, where that can be guessed.',
        fix: 'Give the address without `/oidc`: `--endpoint https://<tenant>.logto.app`. Any other provider is set by `--issuer <issuer>`.',
        logto: `It is the Logto endpoint of ${onApplication('Endpoints & Credentials')}.`,
        onlyAtLogto: true,
      },
      {
        cause:
          'Another user of this machine could have written the configuration: the file or its directory is theirs, or they may write to it.',
        tell: 'The message says "belongs to another user" or "may write to", and the path.',
        fix: 'Look into the file. If it is as you left it, run the command in the hint: `chmod go-w <path>` or `chown <you> <path>`.',
      },
      {
        cause:
          'What is named as a file is a pipe, a socket, a device or a directory, or has more than 64 MB.',
        tell: 'The message says "it is a named pipe", or what else it is.',
        fix: 'Name a file. `--dotenv`, `--seed` and a file of scenarios may also be `/dev/stdin` or `<(command)`.',
      },
      {
        cause: 'Endpoint and issuer are both set at one level, and they are one setting.',
        tell: 'The message names both, such as `LOGTO_ENDPOINT` and `LOGTO_CLI_ISSUER`.',
        fix: 'Keep one of them: `--issuer` sets any provider. Unset the other one.',
        logto: 'Keep `--endpoint`.',
      },
      {
        cause: 'The issuer has braces, such as `{tenantid}`: a template, which has no document of its own.',
        tell: 'The message says "template".',
        fix: 'Say where the document for all tenants is: `--discovery-url <url>`. Or put the ID of one tenant in the place of the braces.',
      },
      {
        cause:
          'The ID of the application or an address has a control character in it, or one that shows nothing, or several lines: it came along when that was copied.',
        tell: 'The message names the flag, the variable or the profile that has it, and its code point.',
        fix: 'Copy it again, and nothing beside it; or type it. One of a profile is replaced by `logto-cli profile set <name> --app-id <App ID>`.',
      },
      {
        cause:
          'A flag is given with an empty value, such as `--app-id "$ID"` where no variable of that name is set.',
        tell: 'The message names the flag. `printf %s "$ID" | wc -c` counts what is in the variable.',
        fix: 'Set the variable, or leave the flag out. A variable of the program that is empty counts as not set.',
      },
      {
        cause: 'A setting of a profile is empty, or quotes alone: `config.json` was written by hand.',
        tell: 'The message names the setting and the profile.',
        fix: 'Set it, such as by `logto-cli profile set <name> --app-id <App ID>`, or take it out of the file that `logto-cli config path` names.',
      },
      {
        cause: 'A secret has a control character in it, several lines, or bytes that are no text.',
        tell: 'The message names the flag or the variable. `cat -A secret.txt` shows what is in the file.',
        fix: 'Put the secret alone on one line of a UTF-8 file: `printf %s "$SECRET" > secret.txt`.',
      },
      {
        cause: 'The redirect URI is not one that this machine can answer.',
        tell: 'The message says that its host is not loopback, or that it must be `http:`.',
        fix: 'Use `--redirect-uri http://localhost:3000/callback`, and register it. An https address of your site cannot be received here.',
      },
      {
        cause: 'The port may not be listened on: below 1024 on Linux, or reserved by Windows.',
        tell: 'The message says "may not listen on". On Windows, `netsh int ipv4 show excludedportrange tcp` lists what is reserved.',
        fix: 'Choose another port: `--port 3001`.',
      },
      {
        cause:
          'A parameter does not fit the provider: one that only `--endpoint` has, or one that has a flag of its own.',
        tell: 'The message names the parameter or the flag.',
        fix: 'Leave it out, or replace `--param` by the flag: see `logto-cli sign-in --help`.',
        logto: 'Set it by `--endpoint`, then its own parameters are known.',
      },
      {
        cause: 'A file cannot be used: `config.json`, the one of `--ca-file`, of `--dotenv` or of `--seed`.',
        tell: 'The message has its path and why. A certificate is PEM when `head -1 <file>` prints `-----BEGIN CERTIFICATE-----`.',
        fix: 'Mend it. From DER to PEM: `openssl x509 -inform der -in ca.cer -out ca.pem`. A `config.json` may be removed: `logto-cli profile set <name> --endpoint <url> --app-id <App ID>` makes a new one.',
      },
      {
        cause: 'A password would go to another origin than that of the provider that is set.',
        tell: 'The message names both origins: discovery has the sign-in elsewhere, or a file of scenarios alone names the provider.',
        fix: 'If that origin is right, set it as the provider, or allow it: `--allow-origin <origin>`. If nobody knows it, somebody is after the password.',
      },
      {
        cause: 'A file of scenarios names a variable that it may not read.',
        tell: 'The message has the variable, and its place in the file.',
        fix: 'Let its name begin with `LOGTO_CLI_`, or allow it: `--allow-variable <name>`.',
      },
      {
        cause: 'A proxy variable is not the address of an http proxy.',
        tell: 'The message names `HTTPS_PROXY` or `HTTP_PROXY`; the lower-case names count too. SOCKS is not supported.',
        fix: 'Set it to an address such as `http://proxy.example.com:8080`, or unset it.',
      },
    ],
    seeAlso: ['usage_invalid', 'issuer_insecure'],
  },
  profile_unknown: {
    meaning: 'The profile that was named, or the default one, does not exist.',
    causes: [
      {
        cause: 'The name is misspelt, or nobody has made that profile yet.',
        tell: '`logto-cli profile list` shows every profile.',
        fix: '`logto-cli init --profile <name>`, or `logto-cli profile set <name> --endpoint https://<tenant>.logto.app --app-id <App ID>`',
      },
      {
        cause: '`LOGTO_CLI_PROFILE` names a profile that this machine does not have.',
        tell: 'You gave no `--profile`, and `printenv LOGTO_CLI_PROFILE` prints the name.',
        fix: 'Unset it. Or give `--endpoint` and `--app-id` as well: `logto-cli sign-in` then takes any new name.',
      },
      {
        cause: 'The profiles are in another home.',
        tell: '`logto-cli profile list` lacks all of yours; you are another user (`sudo`), or `printenv LOGTO_CLI_HOME` differs.',
        fix: 'Use the same user and the same `LOGTO_CLI_HOME`.',
      },
    ],
    seeAlso: ['config_missing', 'not_signed_in'],
  },
  port_in_use: {
    meaning: 'Another process listens on the port that the browser is to come back to, on IPv4 or on IPv6.',
    causes: [
      {
        cause: 'Your own development server has it: 3000 is the port of many.',
        tell: "The message says which address, and on Linux the process. Elsewhere: `lsof -nP -iTCP:3000 -sTCP:LISTEN`, on Windows `netstat -ano | findstr :3000`; on Linux `ss -ltnp 'sport = :3000'`.",
        fix: 'Stop it, or use `--port 3001` and add `http://localhost:3001/callback` to the redirect URIs of the application.',
        logto: `A Native application takes any port; for the others add it in ${onApplication('Redirect URIs')}.`,
      },
      {
        cause:
          'A server holds the port on the other address family only: `127.0.0.1` and `[::1]` are separate.',
        tell: 'Of `curl -sI http://127.0.0.1:3000` and `curl -sI "http://[::1]:3000"` one answers.',
        fix: 'Stop it all the same, it would swallow the callback. Or bind the free one alone, and register that: `--redirect-uri http://127.0.0.1:3000/callback`.',
      },
      {
        cause: 'Another sign-in, or an emulator, still waits in another terminal.',
        tell: 'The process is `node`, and `ps -fp <pid>` shows `logto-cli` in its arguments.',
        fix: 'Finish it or end it with Ctrl-C. `logto-cli emulator --port 0` takes a free port.',
      },
      {
        cause: 'A container, a virtual machine or an SSH session forwards the port.',
        tell: 'The process is `docker-proxy`, `sshd`, `ssh` or `wslrelay`.',
        fix: 'End the forward, or use `--port 3001`.',
      },
    ],
    details: {
      port: 'the port',
      address: 'the address that is taken',
      pid: 'the process that has it, where the platform tells',
      command: 'the name of that process',
    },
    seeAlso: ['sign_in_timeout', 'redirect_uri_not_registered'],
  },
  issuer_insecure: {
    meaning:
      'The address of the provider begins with `http:` and is not on this machine: anybody on the way could read along.',
    causes: [
      {
        cause: 'The address was typed with `http:`, though the provider speaks TLS.',
        tell: '`curl -sI https://<host>/oidc/.well-known/openid-configuration` answers 200.',
        fix: '`--endpoint https://<host>`, in the profile: `logto-cli profile set <name> --endpoint https://<host>`.',
      },
      {
        cause: 'A provider of your own runs without TLS on another machine or in a container.',
        tell: 'The host is an address of your network, a name of Docker Compose, or `host.docker.internal`.',
        fix: 'Put TLS in front, and let the provider name that https address as its own. To try things out, run it on this machine.',
        logto:
          'Set its `ENDPOINT` to the https address; to try things out, to `http://localhost:3001`, and use `--endpoint http://localhost:3001`.',
      },
    ],
    seeAlso: ['issuer_mismatch', 'tls_untrusted'],
  },
} satisfies Explanations;
