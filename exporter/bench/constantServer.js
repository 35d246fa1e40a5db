// The least that node:http can do for a scrape: the same bytes each time, from memory. `node constantServer.js PLAIN GZIP`
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [plain, gzip] = process.argv.slice(2).map((file) => readFileSync(file));
const type = 'text/plain; version=0.0.4; charset=utf-8';
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const zipped = request.headers['accept-encoding'] === 'gzip';
  const body = zipped ? gzip : plain;
  const coding = zipped ? { 'Content-Encoding': 'gzip' } : {};
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length, ...coding }).end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`url=http://127.0.0.1:${server.address().port}\n`));
