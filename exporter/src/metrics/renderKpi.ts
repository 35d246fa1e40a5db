import { setImmediate as otherWork } from 'node:timers/promises';
import { escapeHelp, metricFamily } from './metricFamily.js';
import type { KpiUnit, Sample } from '../kpi/unit/unit.js';

/** Lines written in one go: a third of a millisecond, so that no scrape waits for a KPI of many series. */
const SLICE = 500;

/**
 * A KPI's samples in Prometheus text format 0.0.4, metric families in the order of its YAML. A metric without a sample
 * does not appear at all: nothing of it would be known.
 */
export async function renderKpi(unit: KpiUnit, samples: readonly Sample[]): Promise<string> {
  const families: string[] = [];
  let lines = 0;
  for (const { name, help } of unit.metrics) {
    let text = '';
    for (const sample of samples) {
      if (sample.metric !== name) continue;
      text += `${name}${labelsText(sample.labels)} ${sample.value}\n`;
      lines += 1;
      if (lines % SLICE === 0) await otherWork();
    }
    if (text !== '') families.push(metricFamily(name, 'gauge', help, text));
  }
  return families.join('\n');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(text: string): string {
  return /["\\\n]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}
