import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AMTOOL } from '../support/amtool.js';
import { render, renderAll } from './render.js';
import type { Group } from './sampleGroups.js';
import { HOSTILE_NAME, SAMPLE_GROUPS } from './sampleGroups.js';

const CONFIG = fileURLToPath(new URL('../../../alertmanager/alertmanager.yml', import.meta.url));
const TEMPLATE_DIRECTORY = new URL('../../../alertmanager/templates/', import.meta.url);

interface SlackConfig extends Readonly<Record<string, unknown>> {
  readonly fields: readonly Readonly<Record<string, unknown>>[];
  readonly actions: readonly Readonly<Record<string, string>>[];
}
const { receivers } = parse(readFileSync(CONFIG, 'utf8')) as {
  receivers: readonly {
    name: string;
    slack_configs?: readonly SlackConfig[];
    email_configs?: readonly { headers: Record<string, string>; html: string; text: string }[];
  }[];
};
const slackConfig = receivers.flatMap(({ slack_configs: configs = [] }) => configs)[0];
const emailConfig = receivers.flatMap(({ email_configs: configs = [] }) => configs)[0];

/** What `make` gives for a group, once. */
const once = <T>(make: (group: Group) => Promise<T>): ((group: Group) => Promise<T>) => {
  const made = new Map<Group, Promise<T>>();
  return (group) => {
    const known = made.get(group) ?? make(group);
    made.set(group, known);
    return known;
  };
};

/** The attachment that Alertmanager would post: every text of the shipped receiver, rendered. */
const slack = once(async (group): Promise<SlackConfig> => {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && value.includes('{{')) texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(slackConfig);
  const rendered = await renderAll(texts, group);
  const message = JSON.stringify(slackConfig, (_key, value: unknown) =>
    typeof value === 'string' && value.includes('{{') ? rendered[texts.indexOf(value)] : value,
  );
  return JSON.parse(message) as SlackConfig;
});

const email = once(async (group) => {
  const { headers = {}, html = '', text = '' } = emailConfig ?? {};
  const texts = [headers['Subject'] ?? '', headers['Importance'] ?? '', text];
  const [subject = '', importance = '', plain = ''] = await renderAll(texts, group);
  return { subject, importance, html: await render(html, group, 'html'), text: plain };
});

const sample = (name: string): Group => {
  const group = SAMPLE_GROUPS[name];
  if (group === undefined) throw new Error(`no sample ${name}`);
  return group;
};
const NAMES = Object.keys(SAMPLE_GROUPS);
const golden = (name: string, suffix: string): string => `./golden/${name.replaceAll(' ', '-')}.${suffix}`;
/** Characters of the hostile name that must not reach a message. */
const UNWANTED = /[\p{Cc}\u202E]/u;

describe.skipIf(AMTOOL === null)('the Slack templates, rendered by amtool', () => {
  it.each(NAMES)('%s: is the golden message', async (name) => {
    const message = await slack(sample(name));
    await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(golden(name, 'slack.json'));
  });

  it.each(NAMES)('%s: is a message that Slack takes', async (name) => {
    const message = await slack(sample(name));
    expect(message['link_names']).toBe(false);
    expect(message['color']).toMatch(/^#[0-9a-f]{6}$/);
    const { fields, actions } = message;
    const texts = [
      message['title'],
      message['fallback'],
      message['footer'],
      ...fields.flatMap((f) => [f['title'], f['value']]),
    ];
    for (const text of [...texts, ...actions.map((action) => action['text'])]) {
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(UNWANTED);
    }
    expect(String(message['text']).length).toBeLessThan(8_000);
    for (const url of [message['title_link'], ...actions.map((action) => action['url'])]) {
      expect(url).toMatch(/^https:\/\/(grafana|wiki|alertmanager)\.example\.test\/[^\s"<>|]{1,2900}$/);
    }
  });

  it.each(NAMES.filter((name) => name.startsWith('hostile')))('%s: formats, calls and links nothing', async (name) => {
    const { actions, title_link: link, text, ...rest } = await slack(sample(name));
    // The bold words are the template's own.
    const body = String(text).replaceAll(/\*(Next step:|\d firing|\d resolved)\*/g, '');
    const shown = JSON.stringify([rest['title'], rest['fallback'], rest['footer'], rest['fields'], body]);
    expect(shown).not.toMatch(/[<>*~`]/);
    expect(shown).not.toContain('://');
    expect(shown).not.toMatch(/(^|\W)_|_(\W|$)/);
    expect(shown).not.toContain(':tada:');
    expect(shown).toContain('&lt;!channel&gt;');
    expect(shown.length).toBeLessThan(HOSTILE_NAME.length * 2);
    expect(JSON.stringify([actions, link])).not.toMatch(/javascript|script>/);
  });

  it('a text that begins with > is no quotation', async () => {
    const group = sample('bare');
    const quoting = { ...group, alerts: [{ ...group.alerts[0], annotations: { description: '> quoted' } }] } as Group;
    expect(await render('{{ template "portfolio.slack.text" . }}', quoting)).toBe('› quoted\n');
  });

  it('lists ten alerts and says how many more there are', async () => {
    const text = String((await slack(sample('many')))['text']);
    expect(text.match(/^• /gm)).toHaveLength(10);
    expect(text).toContain('… and 15 more');
  });

  it('puts the most severe first, in the title, the list and the next step, and names the portfolio', async () => {
    const { title, text, color, actions } = await slack(sample('at once'));
    expect(title).toBe('[FIRING · critical · north_eu] 3 resources are over-allocated at the same time (+3 more)');
    expect(color).toBe('#c4232f');
    expect(String(text).match(/^• .*$/gm)).toEqual([
      expect.stringContaining('3 resources are over-allocated'),
      ...['101%', '102%', '103%'].map((value) => expect.stringContaining(`over-allocated: ${value}`) as string),
    ]);
    expect(text).toContain('*Next step:* Call the Coordination Planner.');
    expect(decodeURIComponent(new URL(actions[2]?.['url'] ?? '').hash)).toContain('portfolio="north_eu"');
    const mail = await email(sample('at once'));
    expect([mail.subject, mail.importance]).toEqual([title, 'high']);
    expect(mail.text.split('\n')[0]).toBe('FIRING · critical · north_eu: 4 firing');
    for (const part of [mail.html, mail.text])
      expect(part.indexOf('Team 1')).toBeGreaterThan(part.indexOf('3 resources'));
  });

  it('a silence names what the alerts have in common, and nothing that only describes', async () => {
    const { actions } = await slack(sample('several'));
    const url = new URL(actions[2]?.['url'] ?? '');
    expect(decodeURIComponent(url.hash)).toBe(
      '#/silences/new?filter={alertname="SynergyInitiativeDelayed",class="kpi",kpi="initiative_status",severity="high",portfolio=""}',
    );
  });

  it('a value cannot end the matcher that it stands in', async () => {
    const { actions } = await slack(sample('hostile'));
    const filter = decodeURIComponent(new URL(actions[2]?.['url'] ?? '').hash);
    expect(filter).toBe(String.raw`#/silences/new?filter={class="kpi",measure="\"} ,alertname!=\""}`);
  });

  it.each(['resolved', 'hostile resolved'])('%s: says that it is over, not what to do', async (name) => {
    const message = await slack(sample(name));
    expect(message['color']).toBe('#2e8540');
    expect(message['title']).toMatch(/^\[RESOLVED( · .+)?\] /);
    expect(message['text']).toMatch(/^It is over\. It lasted .+: from .+ till .+\.$/);
    expect(JSON.stringify(message)).not.toContain('Next step');
  });
});

describe.skipIf(AMTOOL === null)('the e-mail templates, rendered by amtool', () => {
  it.each(NAMES)('%s: is the golden mail', async (name) => {
    const { subject, importance, html, text } = await email(sample(name));
    await expect(`Subject: ${subject}\nImportance: ${importance}\n\n${text}`).toMatchFileSnapshot(
      golden(name, 'email.txt'),
    );
    await expect(html).toMatchFileSnapshot(golden(name, 'email.html'));
  });

  it.each(NAMES)('%s: has a subject of one line and a body that no mail program cuts', async (name) => {
    const { subject, importance, html, text } = await email(sample(name));
    expect(subject).toMatch(/^\[(FIRING( · [a-z]+)?|RESOLVED|NO LONGER YOURS)( · .{1,61})?\] \S.{0,330}$/);
    expect(importance).toMatch(/^(high|normal)$/);
    // Gmail cuts at 102 kB.
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(text.trim()).not.toBe('');
    // What Go writes where a template is wrong.
    expect(html + text).not.toMatch(/<no value>|%!|ZgotmplZ/);
  });

  it.each(NAMES.filter((name) => name.startsWith('hostile')))('%s: holds text only', async (name) => {
    const { subject, html, text } = await email(sample(name));
    expect(subject).not.toMatch(UNWANTED);
    expect(html).not.toMatch(/<script|<img/);
    expect(html).not.toContain('href=');
    expect(text).not.toMatch(/^Bcc/m);
    // Line breaks are the template's own.
    for (const part of [html, text]) expect(part.replaceAll('\n', '')).not.toMatch(UNWANTED);
    expect(text).not.toContain('javascript:');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('links to the dashboard and the runbook of each alert, and nowhere else', async () => {
    const { html, text } = await email(sample('several'));
    const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(links)).toEqual(
      new Set([
        'https://grafana.example.test/d/synergy-initiatives',
        'https://wiki.example.test/runbook#synergyinitiativedelayed',
      ]),
    );
    expect(links).toHaveLength(6);
    expect(text.match(/https?:\/\//g)).toHaveLength(6);
    expect(html).not.toMatch(/src=|url\(/);
  });

  it('text and HTML say the same', async () => {
    const { html, text } = await email(sample('one'));
    for (const line of [
      '-14.2%',
      '-10.0%',
      'Tue 31 Mar 2026, 02:14 UTC',
      'find the venture that explains the fall',
      'revenue',
    ]) {
      expect(html).toContain(line);
      expect(text).toContain(line);
    }
  });

  it.each(['resolved', 'hostile resolved'])('%s: says that it is over, not what to do', async (name) => {
    const { html, text } = await email(sample(name));
    const lasted = name === 'resolved' ? 'It lasted 1 d 2 h.' : 'It lasted less than a minute.';
    for (const part of [html, text]) {
      expect(part).toContain(lasted);
      expect(part).not.toContain('Next step');
    }
  });

  it.each([
    ['2026-03-31T02:14:31Z', '1 min'],
    ['2026-03-31T02:14:20Z', 'less than a minute'],
    ['2026-03-31T03:14:00Z', '1 h'],
    ['2026-03-31T12:24:00Z', '10 h 10 min'],
    ['2026-04-01T02:14:00Z', '1 d'],
    ['2027-03-31T04:19:00Z', '365 d 2 h'],
  ])('till %s is %s', async (till, expected) => {
    const [alert] = sample('resolved').alerts;
    const group = { ...sample('resolved'), alerts: [{ ...alert, startsAt: '2026-03-31T02:14:00Z', endsAt: till }] };
    expect(await render('{{ template "portfolio.duration" (index .Alerts 0) }}', group as Group)).toBe(expected);
  });

  it('lists ten alerts and says how many more there are', async () => {
    const { html, text } = await email(sample('many'));
    expect(html.match(/<h2/g)).toHaveLength(10);
    expect(html).toContain('and 15 more firing');
    expect(text).toContain('and 15 more firing');
  });
});

describe('the template files', () => {
  const files = ['common.tmpl', 'email.tmpl', 'slack.tmpl'].map((name) =>
    readFileSync(new URL(name, TEMPLATE_DIRECTORY), 'utf8'),
  );
  const defined = files.flatMap((text) => [...text.matchAll(/\{\{-? define "([^"]+)"/g)].map((match) => match[1]));

  it('define every template that a receiver or another template names, each once, and none in vain', () => {
    const everything = [...files, readFileSync(CONFIG, 'utf8')].join('\n');
    const used = new Set([...everything.matchAll(/template "([^"]+)"/g)].map((match) => match[1]));
    expect([...used].toSorted()).toEqual(defined.toSorted());
  });

  it('use only functions that Alertmanager 0.25 has', () => {
    const later =
      /\{\{[^}]*\b(trimSpace|safeUrl|urlUnescape|date|tz|now|since|humanizeDuration|toJson|list|append|dict)\b(?! "|")[^}]*\}\}/;
    for (const text of files) expect(text.replaceAll(/"[^"]*"/g, '""')).not.toMatch(later);
  });
});
