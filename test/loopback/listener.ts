import { networkInterfaces } from 'node:os';
import { onTestFinished } from 'vitest';
import type {
  CallbackListener,
  CallbackListenerOptions,
  FinalPage,
  StrangerReport,
} from '../../src/loopback/callback-listener.js';
import { listenForCallback } from '../../src/loopback/listen-for-callback.js';
import { serverCertificate } from '../support/certificate-files.js';

export const state = 'a-state-that-nobody-guesses';
export const signedIn: FinalPage = { outcome: 'signed-in', subject: 'alice-id', application: 'app-id' };

/** What makes the listener of a test one over TLS. */
export const secure = {
  redirectUri: 'https://localhost:0/callback',
  tls: serverCertificate('localhost'),
} as const;

/** Whether this machine has the IPv6 loopback address. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some((one) => one.address === '::1'),
);

/** A listener for a test, with what it told about strangers. It ends with the test. */
export async function listen(
  options: Partial<CallbackListenerOptions> = {},
): Promise<{ listener: CallbackListener; reports: StrangerReport[]; unusable: string[]; port: number }> {
  const reports: StrangerReport[] = [];
  const unusable: string[] = [];
  const listener = await listenForCallback({
    kind: 'sign-in',
    redirectUri: 'http://localhost:0/callback',
    onStranger: (report) => reports.push(report),
    onUnusable: (message) => unusable.push(message),
    ...options,
  });
  onTestFinished(() => listener.close());
  return { listener, reports, unusable, port: Number(new URL(listener.redirectUri).port) };
}
