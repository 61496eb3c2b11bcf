import { startSpa } from '../sample-spa/sample-spa.js';
import type { Application } from './application.js';

/** An application that signs people in by scripts. */
export async function startSinglePageApplication({
  issuer,
}: {
  readonly issuer: string;
}): Promise<Application> {
  const { origin, close } = await startSpa(issuer);
  return { url: `${origin}/`, close };
}
