import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { SignInProgress } from './experience.js';

/** One interaction of a browser with the engine, and how far the sign-in in it has come. */
export class ExperienceProgress {
  private constructor(
    private readonly provider: Provider,
    private readonly req: IncomingMessage,
    private readonly res: ServerResponse,
    readonly interaction: Awaited<ReturnType<Provider['interactionDetails']>>,
  ) {}

  /** @throws SessionNotFound of the engine when the browser is in none */
  static async of(provider: Provider, req: IncomingMessage, res: ServerResponse) {
    return new ExperienceProgress(provider, req, res, await provider.interactionDetails(req, res));
  }

  /** `null` when nothing has begun. What is in it may be changed, and is then saved. */
  get progress(): SignInProgress | null {
    const kept = this.interaction.result?.['experience'] as SignInProgress | undefined;
    return kept ?? null;
  }

  async save(progress: SignInProgress): Promise<void> {
    this.interaction.result = { ...this.interaction.result, experience: { ...progress } };
    await this.interaction.persist();
  }

  /**
   * Ends the sign-in.
   *
   * @returns where the browser goes on
   */
  finish(accountId: string): Promise<string> {
    // As at Logto the progress stays readable until the browser goes on.
    const result = { ...this.interaction.result, login: { accountId } };
    return this.provider.interactionResult(this.req, this.res, result);
  }
}
