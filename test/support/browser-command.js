#!/usr/bin/env node
// A browser for the variable BROWSER: goes to the address in its last argument as the user of TEST_BROWSER_USER would,
// and writes down in the file TEST_BROWSER_RECORD how it was started and what it was shown at last.
import { renameSync, writeFileSync } from 'node:fs';
import { followSignIn, followSignOut } from '../../dist/testing.js';

const fetchOnce = (url, init) => fetch(url, { ...init, redirect: 'manual' });
const user = JSON.parse(process.env['TEST_BROWSER_USER'] ?? '{}');
const given = process.argv.at(-1) ?? '';

// An address that only leads on.
const start = /^\/(start|continue)\//.test(new URL(given).pathname)
  ? ((await fetchOnce(given)).headers.get('location') ?? '')
  : given;
const isSignIn = new URL(start).searchParams.has('response_type');
const target = isSignIn
  ? await followSignIn({ ...user, authorizationUrl: start, fetch: fetchOnce })
  : await followSignOut({ endSessionUrl: start, fetch: fetchOnce });
const response = await fetch(target);
const page = { url: response.url, text: await response.text() };
const record = process.env['TEST_BROWSER_RECORD'] ?? '';
const variables = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
// Whoever waits for the file must not see half of it.
writeFileSync(`${record}.part`, JSON.stringify({ arguments: process.argv.slice(2), variables, page }));
renameSync(`${record}.part`, record);
