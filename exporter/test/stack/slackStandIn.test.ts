import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSlackStandIn } from '../../scripts/stack/slackStandIn.js';

let lines: string[];
let server: ReturnType<typeof createSlackStandIn>;
let url: string;
beforeEach(async () => {
  lines = [];
  server = createSlackStandIn((line) => lines.push(line)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const post = async (body: string): Promise<[number, string]> => {
  const response = await fetch(`${url}/services/any`, { method: 'POST', body });
  return [response.status, await response.text()];
};
const message = (title: string): string =>
  JSON.stringify({ channel: '#alerts', attachments: [{ title, text: 'Two\nlines\n' }] });

it('takes a message as Slack does, and tells it in one line that no terminal obeys', async () => {
  // Alertmanager takes any other answer than this text for a failure.
  expect(await post(message('[FIRING] \u001B[31mred\u0007'))).toEqual([200, 'ok']);
  expect(lines).toEqual(['#alerts [FIRING]  [31mred : Two lines']);
});

it('refuses what is no message, and answers a health check', async () => {
  for (const body of ['', 'no json', '{}', '{"channel":"#alerts","attachments":[]}', 'null'])
    expect(await post(body)).toEqual([400, 'invalid_payload']);
  await expect(post(message('x'.repeat(1_100_000)))).rejects.toThrow();
  expect(lines).toEqual([]);
  expect((await fetch(url)).status).toBe(200);
});
