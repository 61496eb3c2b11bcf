#!/usr/bin/env node
// A browser for the variable BROWSER whose user is signed in: follows every redirect from the address in its last
// argument, and adds to the file CANARY_RECORD how it was started and what it was shown at last.
import { appendFileSync } from 'node:fs';

const response = await fetch(process.argv.at(-1) ?? '');
// The provider itself is told the hint, and its address is its own.
const page = { url: response.url.replace(/id_token_hint=[^&]*/, ''), text: await response.text() };
const record = { arguments: process.argv.slice(2), environment: process.env, page };
appendFileSync(process.env['CANARY_RECORD'] ?? '', `${JSON.stringify(record)}\n`);
