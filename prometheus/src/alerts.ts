import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';
import type { Alert } from './shared/alert.js';

const FOLDER = new URL('./alerts/', import.meta.url);

/** Every alert: each file of alerts/, or what is compiled of it, has one and bears its name. */
export async function loadAlerts(): Promise<Alert[]> {
  const files = (await readdir(FOLDER)).filter((name) => /^\w+\.[jt]s$/.test(name)).sort();
  return Promise.all(files.map(loadAlert));
}

async function loadAlert(file: string): Promise<Alert> {
  const module = (await import(new URL(file, FOLDER).href)) as Readonly<Record<string, Alert>>;
  const variable = parse(file).name;
  const alert = module[variable];
  const name = variable.charAt(0).toUpperCase() + variable.slice(1);
  if (alert === undefined) throw new Error(`prometheus/src/alerts/${file}: export const ${variable} is missing`);
  if (alert.name !== name) throw new Error(`prometheus/src/alerts/${file}: the name is ${alert.name}, not ${name}`);
  return alert;
}
