// The sample as a program that misbehaves: HOW says how, AT the path at which it answers so; elsewhere it is the sample.

import { spawn } from 'node:child_process';
import { Server } from 'node:http';
import { gzipSync } from 'node:zlib';

const { HOW = '', AT = '/', CHILDREN } = process.env;
const megabyte = Buffer.alloc(1024 * 1024, '<p>a page</p> ');

function send(response, megabytes) {
  response.writeHead(200, { 'content-type': 'text/html' });
  let sent = 0;
  const more = () => {
    while (sent < megabytes && !response.destroyed) {
      sent += 1;
      if (!response.write(megabyte)) return;
    }
    response.end();
  };
  response.on('drain', more);
  more();
}

const answers = {
  hangs: () => {},
  dies: () => process.exit(3),
  elsewhere: (_, response) => response.writeHead(302, { location: 'http://elsewhere.example/sign-in' }).end(),
  circle: (request, response) =>
    response
      .writeHead(302, { location: `${request.url}${request.url.includes('?') ? '&' : '?'}again` })
      .end(),
  cookies: (_, response) => {
    const cookies = Array.from({ length: 200 }, (__, index) => `cookie-${index}=${'x'.repeat(30)}`);
    response.setHeader('set-cookie', cookies);
    return false;
  },
  large: (_, response) => send(response, 50),
  endless: (_, response) => send(response, Number.POSITIVE_INFINITY),
  drips: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const timer = setInterval(() => response.write('<p>'), 100);
    response.once('close', () => clearInterval(timer));
  },
  bomb: (_, response) => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb);
  },
  markup: (_, response) => {
    const page = '<form action="/x"><a href="/y"><'.repeat(128 * 1024);
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  },
  static: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>'),
};

const answer = answers[HOW];
if (answer !== undefined) {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...args) {
    const [request, response] = args;
    const isMeant = event === 'request' && new URL(request.url, 'http://localhost').pathname === AT;
    if (isMeant && answer(request, response) !== false) return true;
    return emit.call(this, event, ...args);
  };
}

switch (HOW) {
  case 'prints':
    for (let count = 0; count < 8 * 1024; count += 1) process.stdout.write(`${'words '.repeat(170)}\n`);
    break;
  case 'stays':
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
    break;
  case 'leaves': {
    // One in the group of the application, one in its own, whose parent is gone.
    const script = `require('node:fs').appendFileSync(${JSON.stringify(CHILDREN)}, process.pid + '\\n'); setInterval(() => {}, 1000)`;
    spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    const outer = `require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { detached: true, stdio: 'ignore' }).unref()`;
    spawn(process.execPath, ['-e', outer, script], { stdio: 'ignore' });
    break;
  }
  case 'slow':
    await new Promise((resolve) => setTimeout(resolve, 3000));
    break;
  case 'never':
    process.stdout.write('Still building.\n');
    setInterval(() => {}, 1000);
    await new Promise(() => {});
    break;
  case 'other-port':
    process.env.PORT = String(Number(process.env.PORT) + 1);
    break;
  case 'shows-environment': {
    const names = ['DATABASE', 'SENTRY_DSN', 'SETTING', 'JSON_SETTINGS', 'LOGTO_APP_SECRET', 'MY_KEY'];
    const found = names.filter((name) => process.env[name] !== undefined);
    process.stdout.write(`${found.length} variables of ${names.length}\n`);
    for (const name of found)
      process.stdout.write(`${name} ${process.env[name]} ${JSON.stringify(process.env[name])}\n`);
    process.exit(5);
  }
}

await import('../sample-application/main.js');
