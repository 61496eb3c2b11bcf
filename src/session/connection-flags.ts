import type { SettingFlags } from '../profile/settings.js';

/** The flags that say which application at which provider, as which profile. */
export interface ConnectionFlags extends SettingFlags {
  readonly appSecretStdin?: boolean;
  /** False with `--no-input`. */
  readonly input?: boolean;
}
