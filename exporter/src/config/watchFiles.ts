import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileReadError, readRegularFile } from '../yaml/readTextFile.js';

export interface WatchOptions {
  /** How often the files are looked at. */
  readonly intervalMs?: number;
  /** How long a file must stay away before that counts as a change; an editor or mv replaces it sooner. */
  readonly missingAfterMs?: number;
}

interface Watched {
  readonly file: string;
  /** What stat said last. */
  signature: string;
  /** What was last told to the caller (or found at the start): a hash of the content, or why there is none. */
  reported: string;
  /** When the file was first found missing or unreadable; null while it is there. */
  missingSince: number | null;
  /** Changed, but not yet seen twice the same. */
  unsettled: boolean;
  /** Changed where somebody read the files: who read them may have seen what was never told, so the next that settles is told. */
  readBetween: boolean;
}

export interface FileWatch {
  readonly stop: () => void;
  /** Other files from now on. */
  readonly watch: (files: readonly string[]) => void;
  /** Reads the files by `load`: a file that changes meanwhile is told of, also where it is again what it was before. */
  readonly during: <T>(load: () => Promise<T>) => Promise<T>;
}

/** The files of a watched directory that count: what an editor leaves beside them does not. */
const COUNTED = /^[^._].*\.(?:ya?ml|sql)$/;

/**
 * Calls `onChange` with the files whose content changed, or the directories of which a YAML or SQL file did: written in place, replaced by rename, reached through another
 * symbolic link (Kubernetes swaps `..data`), gone for longer than a moment, or back. A change counts when two looks in
 * a row find the same, so that a half-written file is not read; that takes at most twice the interval.
 *
 * It looks at the files (stat follows links) instead of listening to the kernel, because inotify watches the old file
 * after a rename, sees nothing of a swapped link further up, and nothing on most network file systems.
 *
 * Start it before reading the files: then no change falls between. `watch` gives other files; what was watched before and still
 * is keeps its state. `stop` ends it at once.
 */
export function watchFiles(
  files: readonly string[],
  onChange: (changed: readonly string[]) => void,
  { intervalMs = 250, missingAfterMs = 1_500 }: WatchOptions = {},
): FileWatch {
  let watched: readonly Watched[] = [];
  let loads = 0;
  const watch = (wanted: readonly string[]): void => {
    watched = wanted.map((file) => watched.find((entry) => entry.file === file) ?? firstLook(file));
  };
  watch(files);
  const noteChanges = (): void => {
    for (const entry of watched) entry.readBetween ||= entry.unsettled || signatureOf(entry.file) !== entry.signature;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    const changed = watched.filter((entry) => look(entry, now, missingAfterMs, loads > 0)).map(({ file }) => file);
    if (changed.length > 0) {
      onChange(changed);
    }
  }, intervalMs);
  return {
    watch,
    async during(load) {
      loads += 1;
      noteChanges();
      try {
        return await load();
      } finally {
        noteChanges();
        loads -= 1;
      }
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

function firstLook(file: string): Watched {
  const signature = signatureOf(file);
  return { file, signature, reported: contentOf(file), missingSince: null, unsettled: false, readBetween: false };
}

/** Whether the file's change is to be told now. */
function look(entry: Watched, now: number, missingAfterMs: number, isRead: boolean): boolean {
  const signature = signatureOf(entry.file);
  if (signature !== entry.signature) {
    entry.signature = signature;
    entry.unsettled = true;
    entry.readBetween ||= isRead;
    return false;
  }
  if (!entry.unsettled) {
    return false;
  }
  const content = contentOf(entry.file);
  if (content.startsWith('error ')) {
    entry.missingSince ??= now;
    if (now - entry.missingSince < missingAfterMs) {
      return false;
    }
  }
  entry.missingSince = null;
  entry.unsettled = false;
  const differs = content !== entry.reported || entry.readBetween;
  entry.readBetween = false;
  entry.reported = content;
  return differs;
}

/** Everything of stat that a change of the content or of the file behind a link touches. */
function signatureOf(path: string): string {
  return ofEach(path, (file) => {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  });
}

function contentOf(path: string): string {
  return ofEach(path, (file) => createHash('sha256').update(readRegularFile(file)).digest('hex'));
}

/** What `tell` says of a file, or of each file of a directory that counts; or why it cannot be told. */
function ofEach(path: string, tell: (file: string) => string): string {
  const safely = (get: () => string): string => {
    try {
      return get();
    } catch (error) {
      if (error instanceof FileReadError) return `error ${error.message}`;
      return `error ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}`;
    }
  };
  return safely(() => {
    if (!statSync(path).isDirectory()) return tell(path);
    const names = readdirSync(path).filter((name) => COUNTED.test(name));
    return ['directory', ...names.sort().map((name) => `${name} ${safely(() => tell(join(path, name)))}`)].join('\n');
  });
}
