import { describe, expect, it } from 'vitest';
import { line } from '../../../src/actions/mail/line.js';
import { renderMail } from '../../../src/actions/mail/mailContent.js';
import { actionMails, furtherMails } from './actionMails.js';
import { HOSTILE_NAME, SAMPLE_MAILS } from './sampleMails.js';

function rendered(name: string): ReturnType<typeof renderMail> {
  const content = SAMPLE_MAILS[name];
  if (content === undefined) throw new Error(`no mail ${name}`);
  return renderMail(content);
}

describe('a mail', () => {
  it('says the same in its text as in its HTML, without what only places things', () => {
    expect(rendered('conflict').text).toMatchInlineSnapshot(`
      "Conflict · high

      Design team is over-allocated: 130% of the capacity is given to ventures

      Allocated: 130%
      Limit: 100%

      The active allocations of Design team (people) add up to 130%. More than one
      venture counts on the same capacity.

      Next step: agree with the other venture leads whose allocation is cut, and
      change it.

      Who counts on it

      Venture       Share   Score
      Design team   80%     3.75
      Harbour       50%     2.10

      Resource: Design team
      Since: Sat 21 Nov 2026, 14:05 UTC

      Answer:
      https://actions.example.test/l/eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJ0In0.c2ln

      Open dashboard:
      https://grafana.example.test/d/resource-efficiency


      ResourceConflictDetected · for Venture Leads · Portfolio alerts"
    `);
  });

  const all = Object.entries({ ...actionMails('Harbour'), ...furtherMails('Harbour') });
  it.each(all)('keeps its parts apart in its text: %s', (_kind, content) => {
    const { text } = renderMail(content);
    // An address stands under what it is, and both stand alone.
    for (const [, before, label] of text.matchAll(/([^\n]*)\n([^\n]*)\nhttps?:\S+(?=\n|$)/g)) {
      expect([before, label]).toEqual(['', expect.stringMatching(/:$/)]);
    }
    // Figures and facts are one block; what follows is the next.
    expect(text).not.toMatch(/^(Limit|Change|Proposed|Allocated): \S+\n(?!\n|[A-Z][\w ]*: )/m);
    expect(text).not.toMatch(/\n{4}/);
    for (const row of text.split('\n')) expect(row.length <= 78 || /^https?:\S+$/.test(row), row).toBe(true);
  });

  it('escapes every name, and keeps line breaks and direction marks out of the subject and both parts', () => {
    const { subject, html, text } = rendered('hostile');
    expect(subject).toMatch(/^<img src=x onerror=alert\(1\)>"'&gnp\.exe Bcc: all@example\.test W+…$/);
    expect(Array.from(subject).length).toBeLessThanOrEqual(201);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x');
    for (const part of [subject, html, text]) expect(part).not.toMatch(/[\u202e\r\p{Cf}]/u);
  });

  it('links only what is an http or https address', () => {
    const { html, text } = rendered('conflict');
    expect(html.match(/href="[^"]*"/g)).toEqual([
      'href="https://actions.example.test/l/eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJ0In0.c2ln"',
      'href="https://grafana.example.test/d/resource-efficiency"',
    ]);
    expect(text).not.toContain('javascript:');
  });
});

describe('a name as one line', () => {
  it.each([
    [' a\r\n\tb ', 'a b'],
    ['a\u202eb\u200fc', 'abc'],
    ['\ud800x', 'x'],
    ['日本語 عربية', '日本語 عربية'],
    ['👩‍🚀'.repeat(2), '👩🚀👩🚀'],
    ['x'.repeat(11), 'xxxxxxxxxx…'],
  ])('%j is %j', (text, expected) => {
    expect(line(text, 10)).toBe(expected);
  });

  it('is cut where it never ends', () => {
    expect(line(`${'\u200b'.repeat(1_000_000)}x`)).toBe('…');
    expect(line(HOSTILE_NAME)).not.toMatch(/\p{C}/u);
  });
});
