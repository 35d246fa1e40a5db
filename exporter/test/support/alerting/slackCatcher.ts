import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { SentMessage } from './sentMessage.js';

export interface SlackCatcher {
  /** The address of the incoming webhook: a secret, as Slack has it. */
  readonly url: string;
  readonly messages: SentMessage[];
  stop(): Promise<void>;
}

const PATH = '/services/T00000000/B00000000/local-secret';

/** What Slack takes at an incoming webhook, as far as Alertmanager sends it; anything else is answered with 400. */
const payloadSchema = z.object({
  channel: z.string().startsWith('#'),
  attachments: z
    .array(z.object({ title: z.string().min(1), title_link: z.url(), fallback: z.string().min(1), color: z.string() }))
    .length(1),
});

/** An HTTP server on 127.0.0.1 in the form of Slack's incoming webhooks. */
export async function startSlackCatcher(): Promise<SlackCatcher> {
  const messages: SentMessage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const content = tryParse(raw);
      const payload = payloadSchema.safeParse(content);
      if (request.method !== 'POST' || request.url !== PATH || !payload.success) {
        response.writeHead(400).end('invalid_payload');
        return;
      }
      const { channel, attachments } = payload.data;
      messages.push({
        channel: 'slack',
        to: [channel],
        title: attachments[0]?.title ?? '',
        // Without the \\u003c and the like of what came over the wire.
        text: JSON.stringify(content),
        html: '',
        raw,
        at: Date.now(),
      });
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
