/**
 * What is sent to an endpoint that browsers are sent to (authorization, end session, device verification and the pages
 * behind them): some providers have a page and an API at one address, and answer an API to whoever names JSON. A page may
 * be so long that it is worth compressing.
 */
export const browserHeaders: Readonly<Record<string, string>> = {
  accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
};
