/**
 * What is sent to an endpoint that browsers are sent to (authorization, end session, device verification and the pages
 * behind them): some providers have a page and an API at one address, and answer an API to whoever names JSON.
 */
export const browserHeaders: Readonly<Record<string, string>> = {
  accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
};
