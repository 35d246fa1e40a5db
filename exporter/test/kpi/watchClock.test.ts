import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchClock } from '../../src/kpi/schedule/watchClock.js';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-31T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells each step of the clock once, and neither a small correction nor a machine that slept', async () => {
  let offset = 0;
  let slept = 0;
  const steps: number[] = [];
  const stop = watchClock({
    clock: () => new Date(Date.now() + offset + slept),
    elapsedMs: () => performance.now() + slept,
    onStep: (byMs) => steps.push(Math.round(byMs)),
  });
  await vi.advanceTimersByTimeAsync(10_000);
  offset += 2_000;
  slept += 8 * 3_600_000;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(steps).toEqual([]);
  for (const step of [-3_600_000, 30 * 86_400_000]) {
    offset += step;
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(steps).toEqual([-3_600_000, 30 * 86_400_000]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
