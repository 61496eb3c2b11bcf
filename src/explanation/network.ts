import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

/** Exit code 7: the network, or a provider that is down. */
export const networkErrors = {
  network_unreachable: {
    meaning: 'There is no connection to the provider, or it broke.',
    causes: [
      {
        cause: 'The host name is misspelt or does not exist.',
        tell: 'The message says that the name does not exist (`ENOTFOUND`); `nslookup <host>` finds nothing, `nslookup logto.io` does.',
        fix: 'Copy the address from the provider into `--issuer`.',
        logto: `Copy the Logto endpoint from ${onApplication('Endpoints & Credentials')} into \`--endpoint\`.`,
      },
      {
        cause: 'The provider does not run, or not on that port.',
        tell: 'The message says that the connection was refused (`ECONNREFUSED`); `curl -sI <endpoint>` fails too.',
        fix: 'Start it, or correct the port.',
        logto: 'It listens on 3001, its Console on 3002.',
      },
      {
        cause: 'In a container, `localhost` is the container itself.',
        tell: 'The endpoint is on `localhost`, and the same command works outside.',
        fix: 'Share the network of the host, `docker run --network host …`, or of the provider, `docker run --network container:<name> …`.',
      },
      {
        cause: 'A proxy is needed, or the one that is set does not work.',
        tell: 'The message says "through the proxy"; `env | grep -i _proxy` shows what is set.',
        fix: 'Set `HTTPS_PROXY=http://<host>:<port>`, or except the provider: `NO_PROXY=<host>`.',
      },
      {
        cause: 'A VPN, a firewall or name resolution is in the way.',
        tell: 'The message says that there is no route (`EHOSTUNREACH`, `ENETUNREACH`), that the connection was reset (`ECONNRESET`), or that the name could not be resolved (`EAI_AGAIN`). Other sites fail too, or it works from another network.',
        fix: 'Connect the VPN, or have the firewall allow the host.',
      },
    ],
    details: { host: 'the host that was asked', reason: 'the code of the system' },
    seeAlso: ['request_timeout', 'tls_untrusted'],
  },
  request_timeout: {
    meaning: 'The provider did not answer in time: 10 seconds for a request, its body included.',
    causes: [
      {
        cause: 'The provider is overloaded, or wakes up for the first request.',
        tell: 'A second try is quick; `curl -s -o /dev/null -w "%{time_total}\\n" <endpoint>/oidc/.well-known/openid-configuration` shows the seconds.',
        fix: 'Try again. If it persists, look at the load of the provider and of its database.',
      },
      {
        cause: 'A firewall drops the packets without a word.',
        tell: 'The same `curl` hangs here, and answers from another network.',
        fix: 'Have the firewall allow the host and port, or connect the VPN.',
      },
      {
        cause: 'A proxy accepts the request and does not pass it on.',
        tell: 'The message says "through the proxy".',
        fix: 'Correct `HTTPS_PROXY`, or except the provider: `NO_PROXY=<host>`.',
      },
    ],
    details: { host: 'the host that was asked' },
    seeAlso: ['network_unreachable', 'provider_error', 'sign_in_timeout'],
  },
  tls_untrusted: {
    meaning: 'The TLS connection to the provider is not to be trusted, or there is no TLS at that port.',
    causes: [
      {
        cause:
          'The certificate is from an authority of your own, or a proxy of your company puts in its own.',
        tell: 'The message says `SELF_SIGNED_CERT_IN_CHAIN`, `DEPTH_ZERO_SELF_SIGNED_CERT` or `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`; `openssl s_client -connect <host>:443 -servername <host> </dev/null` names the issuer.',
        fix: 'Trust that authority: `--ca-file ca.pem` (or `NODE_EXTRA_CA_CERTS`); for good: `logto-cli profile set <name> --ca-file ca.pem`.',
      },
      {
        cause: 'The server does not send its intermediate certificate. Browsers work around that.',
        tell: 'The message says `UNABLE_TO_VERIFY_LEAF_SIGNATURE`; the chain in that output has one certificate.',
        fix: 'Configure the whole chain at the server, such as `fullchain.pem` instead of `cert.pem`.',
      },
      {
        cause: 'The certificate has expired, or the clock of this machine is wrong.',
        tell: 'The message says `CERT_HAS_EXPIRED` or `CERT_NOT_YET_VALID`; compare `date -u` with `openssl s_client -connect <host>:443 </dev/null | openssl x509 -noout -dates`.',
        fix: 'Renew it at the server, or set the clock.',
      },
      {
        cause: 'The certificate is for another host name.',
        tell: 'The message says `ERR_TLS_CERT_ALTNAME_INVALID`.',
        fix: 'Use the name that the certificate has in `--endpoint`, or get one for this name.',
      },
      {
        cause: 'No TLS is spoken at that port.',
        tell: 'The message says "does not seem to speak TLS"; `curl -sI http://<host>:<port>` answers.',
        fix: 'Correct the port. On this machine, use `--endpoint http://localhost:3001`.',
      },
    ],
    details: { host: 'the host that was asked', reason: 'the code of the failure' },
    seeAlso: ['network_unreachable', 'issuer_insecure', 'clock_skew'],
  },
  provider_error: {
    meaning:
      'The provider failed (5xx), wants fewer requests (429), redirects elsewhere, or does not speak proper HTTP.',
    causes: [
      {
        cause: 'The provider, or what it stands on, is down or starting.',
        tell: 'The message has the status; 502, 503 and 504 come from a gateway before the provider.',
        fix: 'Try again in a minute; then look at its log (`docker logs <container>` for one of your own).',
      },
      {
        cause: 'Too many requests.',
        tell: 'The message says 429.',
        fix: 'Wait as long as the hint says. In CI, sign in once and share the session between the steps.',
      },
      {
        cause: 'The address is not the one that the provider itself uses.',
        tell: 'The message says that it redirects, and where to.',
        fix: 'Use that one: `--endpoint <address>`. The usual reasons are `http:`, `www.` and a custom domain.',
      },
      {
        cause: 'TLS is spoken at that port, and the address begins with `http:`.',
        tell: 'The message says "seems to speak TLS". Most servers say that in a page, or only close the connection: `curl -skI https://<host>:<port>` answers.',
        fix: 'Use `https:` there.',
      },
      {
        cause: 'Something other than a web server listens on that port.',
        tell: 'The message says "unusable HTTP answer".',
        fix: 'Correct host and port of `--endpoint` or `--issuer`.',
      },
      {
        cause: 'The provider sent the browser back with `server_error` or `temporarily_unavailable`.',
        tell: 'The message quotes that.',
        fix: 'Look at its log. With `authentication_expired` the page waited too long: sign in again now.',
        logto: `The log is ${inConsole('Audit logs')}; a connector or a webhook that fails is the usual reason.`,
      },
    ],
    details: {
      status: 'the HTTP status',
      retryAfter: 'seconds to wait, where the provider says',
      location: 'where it redirects to',
      reason: 'the code of broken HTTP',
    },
    seeAlso: ['request_timeout', 'discovery_invalid', 'token_response_invalid'],
  },
} satisfies Explanations;
