// The sample as a program, with its settings from the environment as `logto-cli test-app` gives them.

import { startSample } from './sample-application.js';

const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PORT, DEFECTS = '' } = process.env;
const { url } = await startSample({
  issuer: OIDC_ISSUER,
  clientId: OIDC_CLIENT_ID,
  clientSecret: OIDC_CLIENT_SECRET,
  port: Number(PORT),
  defects: DEFECTS.split(',').filter(Boolean),
});
process.stdout.write(`The sample listens at ${url}\n`);
