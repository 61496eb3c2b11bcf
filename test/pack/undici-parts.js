// What we use of undici: its entry point loads caches, mocks, WebSockets and a `fetch` of its own too, which takes 27 ms.
// By paths, since it stands in the place of everything that is called `undici`.
import connect from '../../node_modules/undici/lib/api/api-connect.js';
import request from '../../node_modules/undici/lib/api/api-request.js';
import Dispatcher from '../../node_modules/undici/lib/dispatcher/dispatcher.js';
import Pool from '../../node_modules/undici/lib/dispatcher/pool.js';
import ProxyAgent from '../../node_modules/undici/lib/dispatcher/proxy-agent.js';

// As its entry point does. A `ProxyAgent` opens its tunnels by `connect`.
Object.assign(Dispatcher.prototype, { connect, request });

export { Pool, ProxyAgent };
