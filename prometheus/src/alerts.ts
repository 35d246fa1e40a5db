import { readdir } from 'node:fs/promises';
import type { Alert } from './shared/alert.js';

const FOLDER = new URL('./alerts/', import.meta.url);

/** Every alert: each file of alerts/ has one, and bears its name. */
export async function loadAlerts(): Promise<Alert[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts')).sort();
  return Promise.all(files.map(loadAlert));
}

async function loadAlert(file: string): Promise<Alert> {
  const module = (await import(new URL(file, FOLDER).href)) as Readonly<Record<string, Alert>>;
  const variable = file.slice(0, -'.ts'.length);
  const alert = module[variable];
  const name = variable.charAt(0).toUpperCase() + variable.slice(1);
  if (alert === undefined) throw new Error(`prometheus/src/alerts/${file}: export const ${variable} is missing`);
  if (alert.name !== name) throw new Error(`prometheus/src/alerts/${file}: the name is ${alert.name}, not ${name}`);
  return alert;
}
