// A program for the tests: starts a server below the given directory, says what it started, and holds it until it gets a
// SIGINT; then it asks the server something before stopping it.
import { Client } from 'pg';
import { startEmbeddedServer } from '../../demo/embeddedServer.js';

const say = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: holdServer <directory>');
const server = await startEmbeddedServer({ directory, log: () => undefined });

const held = setInterval(() => undefined, 60_000);
process.once('SIGINT', () => {
  void (async () => {
    // Longer than a server that got the signal itself would need to go.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const client = new Client({ connectionString: server.url });
    await client.connect();
    say((await client.query('SELECT 1 AS one')).rows[0]);
    await client.end();
    await server.stop();
    clearInterval(held);
  })();
});
say({ url: server.url, pid: server.pid, directory: server.directory });
