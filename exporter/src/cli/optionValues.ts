import { InvalidArgumentError } from 'commander';
import { ListenAddressError, parseListenAddress } from '../server/listenAddress.js';
import type { ListenAddress } from '../server/listenAddress.js';
import type { Shard } from '../kpi/unit/kpiShare.js';
import { isDay } from '../kpi/unit/moment.js';
import { isMonth } from '../report/reportMonth.js';

// Parsers of flags: what they refuse is a wrong command line, before anything is read or connected.

/** A calendar day, `YYYY-MM-DD`. Throws InvalidArgumentError. */
export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('write it as YYYY-MM-DD, such as 2026-03-31.');
  return text;
}

/** A calendar month, `YYYY-MM`. Throws InvalidArgumentError. */
export function month(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('write it as YYYY-MM, such as 2026-03.');
  return text;
}

/** As --web.listen-address has it. Throws InvalidArgumentError with what would be right. */
export function listenAddress(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch (error) {
    if (error instanceof ListenAddressError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

/** Names with commas between them, added to those before it. Throws InvalidArgumentError. */
export function kpiNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)))
    throw new InvalidArgumentError('write the names of KPIs with commas between them, such as synergy_value,rollback.');
  return [...before, ...names];
}

/** `1/3`. Throws InvalidArgumentError. */
export function shard(text: string): Shard {
  const [, one, all] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const [number, shards] = [Number(one), Number(all)];
  if (!(number >= 1 && number <= shards))
    throw new InvalidArgumentError('write it as NUMBER/SHARDS, such as 1/3, 2/3 and 3/3 for three exporters.');
  return { shard: number, shards };
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 100_000)
    throw new InvalidArgumentError('give a number from 1 to 100000.');
  return value;
}

/** `name=value` of a label, added to those before it. Throws InvalidArgumentError. */
export function labelValues(text: string, before: NamedValues): NamedValues {
  return namedValues(text, before, 'name=value, such as resource_type=people.');
}

/** `column=value`, added to those before it. Throws InvalidArgumentError. */
export function columnValues(text: string, before: NamedValues): NamedValues {
  return namedValues(text, before, 'column=value, such as venture="Vela Payments".');
}

export type NamedValues = readonly (readonly [name: string, value: string])[];

function namedValues(text: string, before: NamedValues, form: string): NamedValues {
  const [, name, value] = /^([a-z_][a-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError(`write it as ${form}`);
  return [...before, [name, value]];
}
