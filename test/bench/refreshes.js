// node refreshes.js <directory of the session> <endpoint> <application> <number>: so many refreshes, one after the other.
import { FileStorage, LogtoClient } from '../../dist/index.js';

const [directory, endpoint, appId, amount] = process.argv.slice(2);
const client = new LogtoClient({ endpoint, appId }, { storage: new FileStorage({ directory }) });
for (let done = 0; done < Number(amount); done += 1) await client.getIdToken({ refresh: true });
