import { freePort } from '../support/free-port.js';
import { before, type Fault } from './fault.js';
import { lie, type Setup } from './sound-setup.js';

function endpoint(change: (endpoint: string) => string | Promise<string>): Fault['inject'] {
  return async ({ flags, providers }) => {
    flags['--endpoint'] = await change(providers.emulator.endpoint);
  };
}

function issuer(change: (issuer: string) => string): Fault['inject'] {
  return ({ flags, providers }) => {
    flags['--issuer'] = change(providers.plain.issuer);
  };
}

/** Lets the discovery document name another issuer. */
function otherIssuer(change: (issuer: string) => string): Fault['inject'] {
  return (setup: Setup) =>
    lie(setup, { discovery: (document) => ({ ...document, issuer: change(String(document['issuer'])) }) });
}

const unreachable = {
  doctor: { 'provider.reachable': 'failed network_unreachable' },
  signIn: before('network_unreachable', 7),
};
const noProvider = {
  doctor: { 'provider.discovery': 'failed discovery_invalid' },
  signIn: before('discovery_invalid', 6),
};
const anotherIssuer = {
  doctor: { 'provider.discovery': 'failed issuer_mismatch' },
  signIn: before('issuer_mismatch', 6),
};
const malformed = {
  doctor: { 'provider.address': 'failed config_invalid' },
  signIn: before('config_invalid', 2),
};

/** The provider is somewhere else than its address says. */
export const addressFaults: readonly Fault[] = [
  {
    name: 'the host of the endpoint does not exist',
    at: 'Native',
    inject: endpoint(() => 'https://tenant.invalid'),
    ...unreachable,
  },
  {
    name: 'nobody listens on the port of the endpoint',
    at: 'Native',
    inject: endpoint(async () => `http://localhost:${await freePort()}`),
    ...unreachable,
  },
  {
    name: 'nobody listens on the port of the issuer',
    at: 'plain public',
    inject: async ({ flags }) => {
      flags['--issuer'] = `http://127.0.0.1:${await freePort()}`;
    },
    ...unreachable,
  },
  {
    name: 'the endpoint has a path too many',
    at: 'Native',
    inject: endpoint((address) => `${address}/tenant`),
    ...noProvider,
  },
  {
    name: "the endpoint is the address of Logto's Console",
    at: 'Native',
    inject: endpoint((address) => `${address}/console`),
    ...malformed,
  },
  {
    name: 'the issuer lacks its path',
    at: 'Native',
    inject: (setup) => {
      const { '--endpoint': address = '' } = setup.flags;
      delete setup.flags['--endpoint'];
      setup.flags['--issuer'] = address;
    },
    ...noProvider,
  },
  {
    name: 'the issuer has a path too many',
    at: 'plain public',
    inject: issuer((address) => `${address}/oidc`),
    ...noProvider,
  },
  {
    name: 'https for http in the endpoint',
    at: 'Native',
    inject: endpoint((address) => address.replace('http:', 'https:')),
    doctor: { 'provider.tls': 'failed tls_untrusted' },
    signIn: before('tls_untrusted', 7),
  },
  {
    name: 'http off this machine',
    at: 'Native',
    inject: endpoint(() => 'http://tenant.invalid'),
    doctor: { 'provider.address': 'failed issuer_insecure' },
    signIn: before('issuer_insecure', 2),
  },
  {
    name: 'the endpoint is no address',
    at: 'Native',
    inject: endpoint(() => 'not an address'),
    ...malformed,
  },
  {
    name: 'no provider is set',
    at: 'Native',
    inject: ({ flags }) => {
      delete flags['--endpoint'];
    },
    doctor: { 'provider.address': 'failed config_missing' },
    signIn: before('config_missing', 2),
  },
  {
    name: 'the issuer has a slash too many',
    at: 'plain public',
    inject: issuer((address) => `${address}/`),
    ...anotherIssuer,
  },
  {
    name: '127.0.0.1 for localhost in the endpoint',
    at: 'Native',
    inject: endpoint((address) => address.replace('localhost', '127.0.0.1')),
    ...anotherIssuer,
  },
  {
    name: 'localhost for 127.0.0.1 in the issuer',
    at: 'plain public',
    inject: issuer((address) => address.replace('127.0.0.1', 'localhost')),
    ...anotherIssuer,
  },
  {
    name: 'the provider says that its issuer has a slash more',
    at: 'liar',
    inject: otherIssuer((address) => `${address}/`),
    ...anotherIssuer,
  },
  {
    name: 'the provider says that its issuer is another host',
    at: 'liar',
    inject: otherIssuer(() => 'https://login.example.com'),
    ...anotherIssuer,
  },
  {
    name: 'the provider says that its issuer has another scheme',
    at: 'liar',
    inject: otherIssuer((address) => address.replace('http:', 'https:')),
    ...anotherIssuer,
  },
];
