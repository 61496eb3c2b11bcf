import { onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

/** Exit code 6: the provider's answer failed validation, and nothing of it was kept. */
export const untrustedAnswers = {
  state_mismatch: {
    meaning: 'Only callbacks of other sign-ins came: none carried the `state` of this one.',
    causes: [
      {
        cause: 'The page of an earlier sign-in was still open, and that one was finished.',
        tell: 'There are several tabs of the provider; a warning came here the moment you finished one.',
        fix: 'Close them, run the command again, and use only the page that it opens.',
      },
      {
        cause: 'Your own application signs in with the same redirect URI in the same browser.',
        tell: 'The warnings come while you use that application.',
        fix: 'Give this program another one: `--port 3001`, or `--redirect-uri http://localhost:3000/cli-callback`. Register it.',
      },
      {
        cause: 'The provider, or an extension of the browser, does not return the `state` as it was sent.',
        tell: 'It happens every time, also with a single tab in a private window (`--no-browser` prints the address). With `--headless` it is always this.',
        fix: 'Correct the provider: it must return `state` unchanged (RFC 6749, section 4.1.2).',
      },
      {
        cause: 'A web page sent the browser here to slip in a foreign answer.',
        tell: 'Warnings came though nobody was signing in anywhere.',
        fix: 'Nothing was accepted. Close that page and run the command again.',
      },
    ],
    details: { wrongStates: 'how many such callbacks came' },
    seeAlso: ['sign_in_timeout', 'port_in_use'],
  },
  issuer_mismatch: {
    meaning:
      'The provider names another issuer than the configured one: in discovery, in `iss` at the callback or in the ID token.',
    causes: [
      {
        cause:
          'A provider of your own is reached by another name than it has itself: `127.0.0.1`, a container, `http:` before a proxy.',
        tell: 'The message shows both issuers; `curl -s <endpoint>/oidc/.well-known/openid-configuration` has the one of `ENDPOINT`.',
        fix: 'Use that one where the hint proposes it, or let the provider name the address that you use as its own.',
        logto:
          'Set `ENDPOINT` to the address that you use and start it again, or use the one that it has: `--endpoint <address>`.',
      },
      {
        cause: 'Both are the same but for a slash at the end.',
        tell: 'The message says so.',
        fix: 'Give the issuer to the letter, with or without the slash as the provider writes it: `--issuer <issuer>`.',
      },
      {
        cause: 'The address is that of a shared endpoint of a provider with many tenants.',
        tell: 'The found issuer holds another tenant, or a placeholder such as `{tenantid}` (Microsoft Entra ID with `common`).',
        fix: 'Use the issuer of your tenant: `--issuer <issuer>`. For the users of every tenant, or where the document of an issuer is elsewhere (Azure AD B2C): `--issuer <issuer> --discovery-url <url>`.',
      },
      {
        cause: 'The answer came from another provider: an attack, or a gateway that mixes two up.',
        tell: 'The message is about the authorization response or the ID token, and discovery is right.',
        fix: 'Do not trust that page. Sign in only on the page of the printed address; if it persists, correct the gateway.',
      },
    ],
    details: {
      expected: 'the configured issuer',
      found: 'what the provider says; null when it says nothing',
    },
    seeAlso: ['discovery_invalid', 'issuer_insecure', 'config_invalid'],
  },
  id_token_invalid: {
    meaning: 'The ID token failed a check; `details.reason` names which one.',
    causes: [
      {
        cause: '`iat`, `exp` or `nbf`: a clock is wrong, and the provider does not tell its own.',
        tell: '`logto-cli doctor` compares the clocks; `date -u` here, and on the host of the provider.',
        fix: 'Set both clocks by NTP. On Linux: `sudo timedatectl set-ntp true`.',
      },
      {
        cause: '`aud` or `azp`: the token is for another application.',
        tell: '`logto-cli profile show` and `printenv LOGTO_APP_ID` say which application is set: another one than the provider thinks.',
        fix: 'The message shows both. Set `--app-id` to the application that the person signs in to. A token for several needs `azp`: correct the provider.',
      },
      {
        cause: '`signature` or `key`: the published keys are not those that sign.',
        tell: '`curl -s <jwks_uri>` is old (a cache before it answers), or the message says what is wrong with the key: ambiguous, too short, of another curve. `--trace` shows both.',
        fix: 'Let no cache keep `jwks_uri` for long; give each key a `kid` of its own.',
      },
      {
        cause:
          '`algorithm`: the provider signs with one that it does not announce, or that this application cannot verify.',
        tell: '`id_token_signing_alg_values_supported` in discovery lacks it, or it is symmetric (HS256): that needs a secret of at least 32, 48 or 64 bytes.',
        fix: 'Let the provider sign the ID tokens of the application with RS256 or ES256 (`id_token_signed_response_alg`), and let discovery list that.',
      },
      {
        cause: '`malformed`: it is encrypted, was cut off, or is no JWT.',
        tell: 'The message says which.',
        fix: 'Turn the encryption of ID tokens off for this application (`id_token_encrypted_response_alg`); look for a gateway that shortens answers.',
      },
      {
        cause:
          '`missing`: the provider gave no ID token, since `openid` was not granted or it speaks OAuth 2.0 only.',
        tell: '`--trace` shows the granted scopes; discovery has no `id_token_signing_alg_values_supported`.',
        fix: 'Allow the scope `openid` for the application at the provider.',
      },
      {
        cause: '`auth_time`: the provider did not ask the person again, though `--max-age` wants that.',
        tell: 'It works without `--max-age`.',
        fix: 'Add `--prompt login`, or allow more seconds.',
      },
      {
        cause: '`nonce` or `sub`: the answer belongs to another sign-in or user.',
        tell: 'At a refresh, the message says what differs from the session. At a sign-in, it happens once (a mix-up) or always (the provider drops the nonce).',
        fix: '`logto-cli sign-in` again; if it persists, correct the provider.',
      },
    ],
    details: {
      reason:
        'signature, algorithm, key, aud, azp, nonce, sub, iat, exp, nbf, auth_time, missing or malformed',
      found: 'the algorithm, key, audience or party of the token; null when it names none',
      expected: 'what is expected there: the algorithms, keys, or application',
      secretBytesNeeded: 'for a symmetric algorithm, how long the secret has to be',
    },
    seeAlso: ['clock_skew', 'issuer_mismatch', 'jwks_invalid'],
  },
  userinfo_invalid: {
    meaning:
      'The UserInfo response is about another user than the ID token, or malformed, or its signature is wrong.',
    causes: [
      {
        cause: 'Something else answers at that address: a gateway, a firewall, a sign-in page.',
        tell: 'The message says what came, such as an HTML page or a status; `--trace` shows the exchange.',
        fix: 'Let GET requests with `Authorization` through to the `userinfo_endpoint` of discovery.',
        logto: 'It is `/oidc/me`.',
      },
      {
        cause: 'The provider names one user differently in the two places (pairwise and public subjects).',
        tell: 'The message says "another user", with every user.',
        fix: 'Set one subject type for the application at the provider. Until then treat the answer as foreign.',
      },
      {
        cause: 'UserInfo is signed, with another key or algorithm than announced.',
        tell: 'The message speaks of signature or claims; the answer is `application/jwt`.',
        fix: 'Set `userinfo_signed_response_alg` of the application at the provider to an algorithm in its discovery document, or to none.',
      },
    ],
    seeAlso: ['token_rejected', 'id_token_invalid'],
  },
  token_invalid: {
    meaning:
      'An API has to refuse the token that `verify` looked at, by the clause that the message names, or cannot verify it.',
    causes: [
      {
        cause: 'It has expired, or is not valid yet.',
        tell: '`details.reason` is `exp`, `nbf` or `iat`; the message says since when, and whose clock is off.',
        fix: 'Get a new one: `logto-cli token --resource <uri>`. Where a clock is off, set it.',
      },
      {
        cause: 'It is for another API: most answers of 401 have this cause.',
        tell: '`details.reason` is `aud`; the message says which it is for.',
        fix: 'Ask for one of your API: `logto-cli token --resource <uri>`, or `--organization <id>`.',
      },
      {
        cause: 'It is an ID token, or a JWT of another kind.',
        tell: '`details.reason` is `typ`.',
        fix: 'Send an access token to the API; the ID token is for the application alone.',
      },
      {
        cause: 'It is opaque: nobody but the provider can tell what is in it.',
        tell: '`details.reason` is `format`.',
        fix: 'Ask for the resource: `logto-cli token --resource <uri>` is a JWT at most providers. Or let the API ask the introspection endpoint (RFC 7662).',
        logto: 'Access tokens are opaque where no resource and no organization is asked for.',
      },
      {
        cause: 'Another provider, or another tenant or environment of it, issued it.',
        tell: '`details.reason` is `iss` or `signature`.',
        fix: 'Compare the `iss` that is shown with the issuer that your API is set to: `--issuer <issuer>`.',
      },
      {
        cause: 'It lacks a scope, or is of another organization.',
        tell: '`details.reason` is `scope` or `organization`; an API answers 403 then.',
        fix: '`logto-cli sign-in --resource <uri> --scope <scope>`, and give the user a role that has the scope.',
      },
    ],
    details: {
      reason: 'the subject of the first clause that fails',
      reasons: 'the subjects of all that fail',
    },
    seeAlso: ['token_rejected', 'resource_unknown', 'scope_not_allowed'],
  },
  token_response_invalid: {
    meaning:
      'The answer of the token endpoint (or of revocation or PAR) is malformed, incomplete, too large, for another audience, or no OAuth answer.',
    causes: [
      {
        cause: 'Something else answers at that address: a firewall, a gateway, a sign-in page.',
        tell: 'The message says what came: an HTML page, or a status such as 403 or 405 "and no OAuth error". `--trace` shows the exchange.',
        fix: 'Let POST requests with a form through to the `token_endpoint` of discovery.',
        logto: 'It is `/oidc/token`.',
      },
      {
        cause: 'The token is not of the type Bearer: the application demands DPoP.',
        tell: 'The message says "a token type other than Bearer" and which; a missing one is said to be missing.',
        fix: 'Turn off sender-constrained tokens (DPoP) for the application at the provider.',
      },
      {
        cause: 'The access token is for another audience than the resource that was asked for.',
        tell: 'The message shows both.',
        fix: 'Correct the provider: it must put the resource into `aud`, or refuse it (RFC 8707).',
      },
      {
        cause: 'A field is missing or of a wrong type.',
        tell: 'The message names it, such as `expires_in`.',
        fix: 'Correct the provider (RFC 6749, section 5.1).',
      },
      {
        cause: "The token would be a command of the job's log, and was not printed.",
        tell: 'The message says so. It has `::` or `##` in it, and `CI` or a variable of the kind is set.',
        fix: 'Take it from the document of `logto-cli token --json`, or hand it over with `logto-cli exec -- <command>`.',
      },
    ],
    details: { status: 'the HTTP status', words: "the provider's own words, where it names no error" },
    seeAlso: ['token_request_rejected', 'provider_error'],
  },
  discovery_invalid: {
    meaning: "There is no usable discovery document at the provider's address.",
    causes: [
      {
        cause:
          'The address is not that of the provider: a slip in the path, an administration page, or your own application.',
        tell: 'The message shows what was asked and what came, such as 404 or an HTML page. Open it: JSON with `issuer` is right.',
        fix: 'Give the issuer exactly as the provider has it, with its path: `--issuer <issuer>`.',
        logto: `Copy the Logto endpoint from ${onApplication('Endpoints & Credentials')}, without \`/oidc\`: \`--endpoint <Logto endpoint>\`.`,
      },
      {
        cause: 'The provider stands behind a TLS proxy and does not know it: its endpoints are `http:`.',
        tell: 'The message says that an endpoint such as `http://…/oidc/token` is no https address.',
        fix: 'Let the proxy send `X-Forwarded-Proto: https`, and the provider trust it.',
        logto: 'Start it with `TRUST_PROXY_HEADER=1`; `ENDPOINT` is the https address.',
      },
      {
        cause: 'A proxy, a firewall or the portal of a guest network answers instead.',
        tell: '`curl -s <address>` shows its page, and the address works from another network.',
        fix: 'Sign in to that network, or except the host: `NO_PROXY=<host>`.',
      },
      {
        cause: 'The provider does not list what this needs: the document lacks a field.',
        tell: 'The message says "has no", such as `userinfo_endpoint`. Without any document it may speak OAuth 2.0 only.',
        fix: 'Turn it on at the provider, or leave out what needs it, such as `--remote`.',
      },
    ],
    seeAlso: ['issuer_mismatch', 'network_unreachable', 'jwks_invalid'],
  },
  jwks_invalid: {
    meaning: 'The key set of the provider (`jwks_uri`) cannot be read, or the key in it is broken.',
    causes: [
      {
        cause: 'Something else answers at that address.',
        tell: '`curl -s <jwks_uri>` does not print JSON with `keys`.',
        fix: 'Let the path through at the gateway; correct `jwks_uri` in the discovery document.',
        logto: 'It is `/oidc/jwks`.',
      },
      {
        cause: 'The key that signs is incomplete or wrongly encoded.',
        tell: 'The message says that the key is broken. An EC key needs `crv`, `x` and `y`, an RSA key `n` and `e`, in base64url.',
        fix: 'Publish the key anew at the provider; keys made by hand are the usual suspects.',
      },
    ],
    seeAlso: ['id_token_invalid', 'discovery_invalid'],
  },
  clock_skew: {
    meaning:
      'The clocks of this machine and of the provider differ by more than 60 seconds, and therefore the ID token was refused.',
    causes: [
      {
        cause:
          'The clock of this machine is wrong, as after the sleep of a laptop, of WSL or of a virtual machine.',
        tell: '`date -u` differs from the time of the network: `curl -sI https://www.cloudflare.com | grep -i ^date`. On Linux `timedatectl` says whether it is synchronized.',
        fix: 'Linux: `sudo timedatectl set-ntp true`. WSL: `sudo hwclock -s`. macOS: `sudo sntp -sS time.apple.com`. Windows: `w32tm /resync`. A container has the clock of its host. Then sign in again.',
      },
      {
        cause: 'The clock of the provider is wrong.',
        tell: '`date -u` here agrees with the time of the network; `curl -sI <endpoint>/oidc/.well-known/openid-configuration | grep -i ^date` does not.',
        fix: 'Set the clock of the host of the provider by NTP.',
      },
    ],
    details: { skewSeconds: 'seconds that the provider is ahead; negative when it is behind' },
    seeAlso: ['id_token_invalid'],
  },
} satisfies Explanations;
