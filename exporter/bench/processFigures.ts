import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Resident memory and its highest since the start or the last `forgetPeak`, in bytes, as Linux counts it. */
export function memoryOf(pid: number): { readonly resident: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM') };
}

/** The peak counts from here. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Seconds of CPU that the threads of a process have had so far; those of threads that ended are missing. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  // In ns; /proc/<pid>/stat counts in hundredths of a second.
  const ns = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ', 1)[0]));
  return ns.reduce((sum, one) => sum + one, 0) / 1e9;
}
