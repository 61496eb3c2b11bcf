import { LogtoError } from '../../errors.js';
import type { CheckResult } from '../run/check.js';
import { skipped } from '../run/check-results.js';
import type { SignInPage } from './application-visitor.js';
import type { ProviderFaults } from './misbehaving-provider.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** A question that can only be asked of an application that reads something of its provider anew. */
export interface FreshReading {
  /** What has to be read. */
  readonly document: 'discovery' | 'keys';
  /** As it is called, within a sentence. */
  readonly name: string;
  /** Of the provider as a whole. */
  readonly faults: ProviderFaults;
  /** Of the visit as well, before and after the application was started anew. */
  readonly ofVisit: (isRestarted: boolean) => ProviderFaults;
  /** What it means that somebody signs in, or does not, after it was read. */
  readonly judge: (visit: ApplicationVisit, page: SignInPage) => Promise<CheckResult>;
  /** What it means that the application does not start with it. */
  readonly notStarted: (error: LogtoError) => CheckResult;
}

/**
 * Has somebody sign in while the provider is faulty. An application that goes by what it has read before is started anew
 * for that, where it was started from here, and once more afterwards.
 */
export function askFresh(application: TestedApplication, reading: FreshReading): Promise<CheckResult> {
  const { document, name, faults, ofVisit, judge, notStarted } = reading;
  const { provider, process } = application;
  const signIn = async (isRestarted: boolean) => {
    const before = provider.publication.reads[document];
    const visit = await application.visit(ofVisit(isRestarted));
    const page = await visit.visitor.signIn();
    return { visit, page, isRead: provider.publication.reads[document] > before };
  };
  return application.alone(faults, async () => {
    const first = await signIn(false);
    if (first.isRead) {
      const result = await judge(first.visit, first.page);
      provider.setFaults({});
      await revive(application);
      return result;
    }
    if (!process.isOurs) {
      return skipped(
        `The application goes by ${name} that it has read before, and was not started from here: give its command behind -- to have it started anew for this.`,
      );
    }
    try {
      const before = provider.publication.reads[document];
      await process.restart();
      const { visit, page } = await signIn(true);
      if (provider.publication.reads[document] > before) return await judge(visit, page);
      return skipped(`The application does not read ${name}.`);
    } catch (error) {
      if (error instanceof LogtoError && error.code === 'app_not_started') return notStarted(error);
      throw error;
    } finally {
      provider.setFaults({});
      await application.restart();
    }
  });
}

/** One that does not recover by itself would fail the checks after this one, too. Whether it does, others ask. */
async function revive(application: TestedApplication): Promise<void> {
  const visit = await application.visit();
  await visit.visitor.signIn();
  if ((await visit.isSignedIn()) !== 'user') await application.restart();
}
