/** An application on a library that other people wrote, set up as its documentation says. */
export interface LibraryApplication {
  /** As in the table of `test/README.md`. */
  readonly library: string;
  /** What this machine lacks for it, with the line that installs it; `null` when it can be started. */
  missing(): string | null;
  /** Of what is installed here, as in that table. */
  version(): string;
  /** How it is tested on a port that is free. */
  prepare(port: number): LibraryRun;
}

/** How `test-app` is told of an application. */
export interface LibraryRun {
  /** Where a visitor starts. */
  readonly url: string;
  /** Where it signs out, from there. */
  readonly signOut: string;
  /** Where it takes logout tokens, if it does as it is set up. */
  readonly backChannelLogout?: string;
  /** Variables for it, as `--env` takes them. */
  readonly environment: Readonly<Record<string, string>>;
  /** What starts it. */
  readonly command: readonly string[];
}
