import { LogtoClient } from 'logto-cli';
import { followSignIn, startEmulator } from 'logto-cli/testing';

const emulator = await startEmulator();
const api = 'https://api.example.test';
const client = new LogtoClient({
  endpoint: emulator.endpoint,
  appId: 'emulator-native',
  resources: [api],
  scopes: ['read:things'],
});

// Redirect the browser to this address. When it comes back, hand over the whole address that it asks for.
const authorizationUrl = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
const alice = { username: 'alice', password: 'emulator-only-alice' };
await client.handleSignInCallback(await followSignIn({ authorizationUrl, ...alice }));

console.log((await client.getIdTokenClaims())['username']); // alice
console.log(await client.getAccessToken(api)); // refreshed when it must be
await client.signOut(); // revokes and forgets the tokens
await emulator.close();
