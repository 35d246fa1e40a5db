import { createServer } from 'node:http';

const LIMIT = 1_000_000;

/**
 * What stands in for Slack where there is none: an HTTP server that takes messages as an incoming webhook does, at any path,
 * and hands on one line for each. Plain JavaScript without dependencies, because docker-compose.yml runs it as it is.
 *
 * @param {(line: string) => void} onMessage
 */
export function createSlackStandIn(onMessage) {
  return createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (/** @type {string} */ text) => {
      body += text;
      if (body.length > LIMIT) request.destroy();
    });
    request.on('end', () => {
      // For a health check.
      if (request.method === 'GET') {
        response.end('ok');
        return;
      }
      const line = summary(body);
      if (line === null) {
        response.writeHead(400).end('invalid_payload');
        return;
      }
      onMessage(line);
      // Alertmanager takes any other text for an error.
      response.end('ok');
    });
  });
}

/** @param {string} body */
function summary(body) {
  try {
    const { channel, attachments } = JSON.parse(body);
    const { title, text } = attachments[0];
    // Names come from rows: one message is one line, and no terminal obeys it.
    return `${channel} ${title}: ${text}`.replaceAll(/\p{Cc}+/gu, ' ').trimEnd();
  } catch {
    return null;
  }
}
