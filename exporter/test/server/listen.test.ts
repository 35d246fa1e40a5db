import { Agent, get, type IncomingMessage, type RequestListener } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/server/connections.js';
import { listen, ListenError, type Listening } from '../../src/server/listen.js';
import { parseListenAddress } from '../../src/server/listenAddress.js';

const running: Listening[] = [];
const answer: RequestListener = (_request, response) => void response.end('here');

async function start(
  address: string,
  handler: RequestListener = answer,
  limits: Partial<ConnectionLimits> = {},
): Promise<Listening> {
  const listening = await listen(handler, parseListenAddress(address), { ...CONNECTION_LIMITS, ...limits });
  running.push(listening);
  return listening;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((listening) => listening.stop(0)));
});

describe('listen', () => {
  it('tells the URL with the port that it was given', async () => {
    const listening = await start('127.0.0.1:0');
    expect(listening.url).toBe(`http://127.0.0.1:${String(listening.port)}`);
    expect(await (await fetch(listening.url)).text()).toBe('here');
  });

  it('listens on every interface without a host, and says localhost', async () => {
    const listening = await start(':0');
    expect(listening.url).toBe(`http://localhost:${String(listening.port)}`);
    expect(await (await fetch(`http://127.0.0.1:${String(listening.port)}`)).text()).toBe('here');
  });

  it('names the address in use and how to choose another', async () => {
    const { port } = await start('127.0.0.1:0');
    const refused = start(`127.0.0.1:${String(port)}`);
    await expect(refused).rejects.toThrow(ListenError);
    await expect(refused).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(refused).rejects.toThrow(
      `cannot listen: 127.0.0.1:${String(port)} is in use by another program; stop that one or choose another address, ` +
        `for example --web.listen-address=127.0.0.1:${String(port + 1)}`,
    );
  });

  it('meets a server of another kind on the port in the same way', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start(`127.0.0.1:${String(port)}`)).rejects.toThrow('is in use by another program');
    other.close();
  });

  it.each([
    ['192.0.2.1:10039', 'EADDRNOTAVAIL', '192.0.2.1:10039 is not an address of this machine'],
    ['nowhere.invalid:10039', /^(ENOTFOUND|EAI_AGAIN)$/, 'nowhere.invalid:10039'],
  ])('says why %s cannot be listened on', async (address, code, message) => {
    const refused = start(address);
    await expect(refused).rejects.toMatchObject({ name: 'ListenError' });
    await expect(refused).rejects.toThrow(message);
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(error instanceof ListenError ? error.code : '').toMatch(code);
  });
});

describe('a connection', () => {
  const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: exporter\r\n\r\n`;
  async function open(listening: Listening): Promise<{ socket: Socket; closed: Promise<void> }> {
    const socket = connect(listening.port, '127.0.0.1').on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    return { socket, closed };
  }
  async function untilReads(socket: Socket, pattern: RegExp): Promise<string> {
    let text = '';
    const chunks = socket.setEncoding('utf8').iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) if (pattern.test((text += String(chunk)))) break;
    return text;
  }

  it('gets pipelined requests answered in order, one at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const listening = await start('127.0.0.1:0', (incoming, response) => {
      most = Math.max(most, (atOnce += 1));
      setImmediate(() => response.end(`<${String(incoming.url)}>`, () => (atOnce -= 1)));
    });
    const { socket } = await open(listening);
    socket.write(['/1', '/2', '/3', '/4', '/5'].map(request).join(''));
    expect((await untilReads(socket, /<\/5>/)).match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>', '</4>', '</5>']);
    expect(most).toBe(1);
  });

  it('is cut when more requests wait than may, and no answer is begun', async () => {
    let begun = 0;
    const listening = await start('127.0.0.1:0', () => (begun += 1), { maxWaiting: 3 });
    const { socket, closed } = await open(listening);
    socket.resume().write(request('/').repeat(1000));
    await closed;
    expect(begun).toBe(0);
  });

  it('is cut before the requests are made that nobody will answer', async () => {
    const made: string[] = [];
    const listening = await start('127.0.0.1:0', (incoming) => made.push(String(incoming.url)));
    const seen = new Promise<number>((resolve) => {
      let requests = 0;
      const count = (message: unknown): void => void (requests += Number(String(message).length > 0));
      subscribe('http.server.request.start', count);
      void open(listening).then(async ({ socket, closed }) => {
        socket.resume().write(request('/').repeat(1000));
        await closed;
        unsubscribe('http.server.request.start', count);
        resolve(requests);
      });
    });
    expect(await seen).toBe(0);
    expect(made).toEqual([]);
  });

  it('takes its turn with an expectation, too', async () => {
    const listening = await start('127.0.0.1:0');
    const { socket } = await open(listening);
    socket.write('GET / HTTP/1.1\r\nHost: exporter\r\nExpect: much\r\n\r\n');
    expect(await untilReads(socket, /here/)).toContain('200 OK');
  });

  it('is cut when its client does not take the answer', async () => {
    const listening = await start('127.0.0.1:0', (_request, response) => response.end(Buffer.alloc(64 * 1024 * 1024)), {
      answerMs: 200,
    });
    const { socket, closed } = await open(listening);
    socket.write(request('/'));
    // Reading begins after the server has closed it: what the system held by then is less than the answer.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(64 * 1024 * 1024);
  });

  it('beyond the limit takes the place of the one that has longest had no answer', async () => {
    const listening = await start('127.0.0.1:0', answer, { maxConnections: 2 });
    const scraper = await open(listening);
    const silent = await open(listening);
    scraper.socket.write(request('/'));
    await untilReads(scraper.socket, /here/);
    const third = await open(listening);
    silent.socket.resume();
    await silent.closed;
    third.socket.write(request('/'));
    expect(await untilReads(third.socket, /here/)).toContain('200 OK');
  });

  it('is closed after a request with a body, whose rest nobody waits for', async () => {
    const listening = await start('127.0.0.1:0');
    const { socket, closed } = await open(listening);
    socket.write('POST / HTTP/1.1\r\nHost: exporter\r\nContent-Length: 9999999999\r\n\r\nbegin');
    expect(await untilReads(socket, /here/)).toMatch(/^connection: close\r$/im);
    socket.resume();
    await closed;
  });
});

describe('stop', () => {
  it('lets a request in flight end, and accepts no other', async () => {
    const gate = signal();
    const arrived = signal();
    const listening = await start('127.0.0.1:0', (_request, response) => {
      arrived.send();
      void gate.sent.then(() => response.end('finished'));
    });
    const agent = new Agent({ keepAlive: true });
    const inFlight = body(listening.url, agent);
    await arrived.sent;

    let stopped = false;
    const stopping = listening.stop().then(() => (stopped = true));
    await expect(fetch(listening.url)).rejects.toThrow();
    expect(stopped).toBe(false);

    const before = Date.now();
    gate.send();
    expect(await inFlight).toBe('finished');
    await stopping;
    // The client would keep the connection alive; it must not keep the server.
    expect(Date.now() - before).toBeLessThan(4_000);
    agent.destroy();
  });

  it('closes idle kept-alive connections and silent ones at once', async () => {
    const listening = await start('127.0.0.1:0');
    const agent = new Agent({ keepAlive: true });
    await body(listening.url, agent);
    const silent = connect(listening.port, '127.0.0.1');
    await new Promise<void>((resolve) => silent.once('connect', resolve));
    const silentClosed = new Promise<void>((resolve) => silent.once('close', () => resolve()));
    silent.resume();

    const before = Date.now();
    await listening.stop(10_000);
    await silentClosed;
    expect(Date.now() - before).toBeLessThan(4_000);
    agent.destroy();
  });

  it('cuts a request that outlasts the grace period', async () => {
    const arrived = signal();
    const listening = await start('127.0.0.1:0', () => arrived.send());
    const endless = body(listening.url).catch((error: unknown) => error);
    await arrived.sent;
    const before = Date.now();
    await listening.stop(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(190);
    expect(await endless).toBeInstanceOf(Error);
  });

  it('may be called again', async () => {
    const listening = await start('127.0.0.1:0');
    await Promise.all([listening.stop(), listening.stop()]);
    await expect(fetch(listening.url)).rejects.toThrow();
  });
});

function signal(): { sent: Promise<void>; send: () => void } {
  let send: () => void = () => undefined;
  const sent = new Promise<void>((resolve) => (send = resolve));
  return { sent, send };
}

function body(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, agent === undefined ? {} : { agent }, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    request.on('error', reject);
  });
}
