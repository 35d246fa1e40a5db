import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { alertNames } from '../../prometheus/ruleFiles.js';
import type { AlertingStack } from './alertingStack.js';
import type { SentMessage } from './sentMessage.js';
import { until } from './until.js';

const ALERT_NAMES = alertNames();
const SURPLUS_MS = 3_000;

/** What was sent, in one line: `FIRING ResourceConflictDetected mail chairman@example.test`. */
export function delivery(message: SentMessage): string {
  const status = /^\[(FIRING|RESOLVED)\b/.exec(message.title)?.[1] ?? `without a status: ${message.title}`;
  // Every message links to the runbook's heading of its alert.
  const anchors = new Set([...message.text.matchAll(/#([a-z]{8,})/g)].map((match) => match[1]));
  const named = ALERT_NAMES.filter((name) => anchors.has(name.toLowerCase()));
  return `${status} ${named.join('+')} ${message.channel} ${message.to.join(',')}`;
}

export interface Wait {
  readonly withinMs: number;
  /** Messages before this many are not looked at again. */
  readonly from?: number;
}

/** Waits until exactly these were sent, each once, in any order; fails with what came instead. */
export async function expectDeliveries(
  stack: Pick<AlertingStack, 'messages'>,
  expected: readonly string[],
  { withinMs, from = 0 }: Wait,
): Promise<void> {
  const sent = (): string[] =>
    stack
      .messages()
      .slice(from)
      .map((message) => delivery(message))
      .toSorted();
  await until(() => sent().length >= expected.length, withinMs);
  // What is one too many comes with the others or right after them.
  await delay(SURPLUS_MS);
  expect(sent()).toEqual(expected.toSorted());
}

/** Every firing message of an alert says all of this. */
export function expectWords(
  stack: Pick<AlertingStack, 'messages'>,
  words: Readonly<Record<string, readonly RegExp[]>>,
): void {
  for (const [alert, patterns] of Object.entries(words)) {
    const texts = stack
      .messages()
      .filter((message) => delivery(message).startsWith(`FIRING ${alert} `))
      .map(({ text }) => text);
    expect(texts.length, alert).toBeGreaterThan(0);
    for (const text of texts) for (const pattern of patterns) expect(text).toMatch(pattern);
  }
}
