/** How an address reaches the person's browser. */
export interface BrowserOpener {
  /**
   * Whether this machine seems to have a browser to open: `BROWSER` is set, or the platform has a desktop
   * (Linux: `DISPLAY` or `WAYLAND_DISPLAY`, or WSL).
   */
  available(): boolean;
  /**
   * Starts the browser on this address and does not wait for it to end. `false` when nothing could be started:
   * never an error, since the address is printed anyway.
   */
  open(url: string): Promise<boolean>;
}
