import { readdir, readFile, readlink } from 'node:fs/promises';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since boot: with the pid it tells a process from a later one of the same pid. */
  readonly startedAt: string;
  readonly commandLine: string;
  readonly workingDirectory: string;
}

/** Every process of this machine that is no zombie, as far as this user may see it (Linux: /proc). */
export async function listProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map((pid) => readProcess(pid)));
  return entries.flat();
}

async function readProcess(pid: string): Promise<ProcessEntry[]> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may hold spaces and parentheses: state, parent, ..., the 20th is the start.
    const [state = '', parent = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return [];
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trimEnd();
    const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return [{ pid: Number(pid), parent: Number(parent), startedAt: rest[17] ?? '', commandLine, workingDirectory }];
  } catch {
    // It ended while it was looked at.
    return [];
  }
}

/** The process and everything that descends from it. */
export function familyOf(pid: number, processes: readonly ProcessEntry[]): ProcessEntry[] {
  const own = processes.filter((entry) => entry.pid === pid);
  const children = processes.filter((entry) => entry.parent === pid);
  return [...own, ...children.flatMap((child) => familyOf(child.pid, processes))];
}
