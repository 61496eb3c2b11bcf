import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { before, type Fault, works } from './fault.js';
import { overTls, type Setup } from './sound-setup.js';

const untrusted = {
  doctor: { 'provider.tls': 'failed tls_untrusted' },
  signIn: before('tls_untrusted', 7),
};
const unreachable = {
  doctor: { 'provider.reachable': 'failed network_unreachable' },
  signIn: before('network_unreachable', 7),
};

/** Only an address that is not of this machine is asked for through a proxy. */
function behindProxy({ flags, environment }: Setup, proxy: string): void {
  flags['--endpoint'] = 'https://tenant.invalid';
  environment['HTTPS_PROXY'] = proxy;
}

/** Something is between this machine and the provider. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'the certificate has expired',
    at: 'liar',
    inject: (setup) => overTls(setup, ['expired']),
    ...untrusted,
  },
  {
    name: 'the certificate is of an authority that nobody knows here',
    at: 'liar',
    inject: (setup) => overTls(setup, ['localhost'], false),
    ...untrusted,
  },
  {
    name: 'the certificate comes with an authority that signed itself',
    at: 'liar',
    inject: (setup) => overTls(setup, ['localhost', 'authority'], false),
    ...untrusted,
  },
  {
    name: 'the certificate is of another host',
    at: 'liar',
    inject: (setup) => overTls(setup, ['elsewhere']),
    ...untrusted,
  },
  {
    name: 'http for https in the issuer',
    at: 'liar',
    inject: async (setup) => {
      await overTls(setup, ['localhost']);
      setup.flags['--issuer'] = String(setup.flags['--issuer']).replace('https:', 'http:');
    },
    ...unreachable,
  },
  {
    name: 'the file of a further authority is not there',
    at: 'Native',
    inject: ({ flags }) => {
      flags['--ca-file'] = '/no/such/authority.pem';
    },
    doctor: { 'machine.certificates': 'failed config_invalid' },
    signIn: before('config_invalid', 2),
  },
  {
    name: 'the file of NODE_EXTRA_CA_CERTS is not there',
    at: 'Native',
    inject: ({ environment }) => {
      environment['NODE_EXTRA_CA_CERTS'] = '/no/such/authority.pem';
    },
    doctor: { 'machine.certificates': 'warning config_invalid' },
    signIn: works,
  },
  {
    name: 'the proxy is down',
    at: 'Native',
    inject: async (setup) => behindProxy(setup, `http://127.0.0.1:${await freePort()}`),
    ...unreachable,
  },
  {
    name: 'the proxy lets nobody through',
    at: 'Native',
    inject: async (setup) => {
      const proxy = await startRecordingProxy(null);
      onTestFinished(() => proxy.close());
      behindProxy(setup, proxy.url);
    },
    ...unreachable,
  },
  {
    name: 'the variable of the proxy is no address',
    at: 'Native',
    inject: (setup) => behindProxy(setup, 'ftp://127.0.0.1:9'),
    doctor: { 'machine.proxy': 'failed config_invalid' },
    signIn: before('config_invalid', 2),
  },
];
