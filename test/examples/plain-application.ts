import { startSample } from '../sample-application/sample-application.js';
import type { Application } from './application.js';

/** An application that signs people in by pages, without scripts. */
export function startPlainApplication({ issuer }: { readonly issuer: string }): Promise<Application> {
  return startSample({
    issuer,
    clientId: 'emulator-traditional',
    clientSecret: 'emulator-only-app-secret',
  });
}
