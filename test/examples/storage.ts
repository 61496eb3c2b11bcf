import { FileStorage, KeychainStorage, LogtoClient, type Storage } from 'logto-cli';

class SessionStorage implements Storage {
  constructor(private readonly session: Map<string, string>) {}
  async get(key: string): Promise<string | null> {
    return this.session.get(key) ?? null;
  }
  async set(key: string, value: string): Promise<void> {
    this.session.set(key, value);
  }
  async delete(key: string): Promise<void> {
    this.session.delete(key);
  }
}

const config = { endpoint: 'https://tenant.logto.app', appId: 'abc123' };
new LogtoClient(config, { storage: new SessionStorage(new Map()) });
new LogtoClient(config, { storage: new FileStorage({ directory: '/var/lib/app/tokens' }) });
new LogtoClient(config, { storage: new KeychainStorage({ service: 'my-app', account: 'default' }) });
