import { expect } from 'vitest';
import type { SentMessage } from '../../support/alerting/sentMessage.js';

/** The name is told, and does nothing in Slack, in a header or in HTML. */
export function expectHarmless(messages: readonly SentMessage[]): void {
  const about = messages.filter(({ title }) => title.includes('CTO'));
  expect(new Set(about.map(({ channel }) => channel))).toEqual(new Set(['slack', 'mail']));
  for (const message of about) {
    expect(message.title).not.toMatch(/[\r\n]/);
    if (message.channel === 'slack') {
      expect(message.text).not.toMatch(/<!|<script/);
      expect(message.text).toContain('&lt;!channel&gt;');
    } else {
      const [head = ''] = message.raw.split('\r\n\r\n', 1);
      expect(head).not.toMatch(/^bcc:/im);
      expect(message.to).not.toContain('evil@example.test');
      expect(message.html).toContain('&lt;!channel&gt;');
      expect(message.html).not.toContain('<script');
      expect(message.text).toContain('CTO <!channel> Bcc: evil@example.test');
    }
  }
}
