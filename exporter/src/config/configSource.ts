import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ExporterConfig } from './exporterConfig.js';
import { readExporterConfig } from './exporterConfig.js';
import type { Problem } from './problem.js';
import { ConfigError } from './problem.js';
import type { ThresholdsFile } from './thresholdsFile.js';
import { parseThresholds } from './thresholdsFile.js';
import type { YamlInspection } from './yamlDocument.js';
import { MAX_YAML_BYTES } from './yamlSyntax.js';

/** Both YAML files as checked. */
export interface ConfigFiles {
  readonly exporter: ExporterConfig;
  readonly thresholds: ThresholdsFile;
  /** A problem at a place of exporter.yaml, for what only the KPI units can tell: an unknown KPI, say. */
  readonly exporterProblemAt: YamlInspection<unknown>['problemAt'];
}

/**
 * Reads and checks both files.
 * @throws {ConfigError} with every problem of both
 */
export async function loadConfigFiles(paths: {
  readonly configFile: string;
  readonly thresholdsFile: string;
}): Promise<ConfigFiles> {
  const [exporter, thresholds] = await Promise.allSettled([
    readConfigText(paths.configFile).then((text) => readExporterConfig(text, paths.configFile)),
    readConfigText(paths.thresholdsFile).then((text) => parseThresholds(text, paths.thresholdsFile)),
  ]);
  if (exporter.status === 'fulfilled' && thresholds.status === 'fulfilled') {
    return {
      exporter: exporter.value.config,
      thresholds: thresholds.value,
      exporterProblemAt: exporter.value.problemAt,
    };
  }
  throw new ConfigError([exporter, thresholds].flatMap(problemsOf));
}

function problemsOf(result: PromiseSettledResult<unknown>): readonly Problem[] {
  if (result.status === 'fulfilled') {
    return [];
  }
  if (result.reason instanceof ConfigError) {
    return result.reason.problems;
  }
  throw result.reason;
}

/**
 * The text of a configuration file: a regular UTF-8 file of at most 1 MiB; a byte order mark is dropped.
 * @throws {ConfigError} with one problem that says what the file is instead
 */
export async function readConfigText(file: string): Promise<string> {
  const problem = (message: string, cause?: unknown): ConfigError =>
    new ConfigError([{ file, line: 1, column: 1, path: '', message }], { cause });
  let bytes: Buffer;
  try {
    bytes = await readLimited(file);
  } catch (error) {
    if (error instanceof NotAFileError) {
      throw problem(error.message);
    }
    throw problem(explainReadError(error), error);
  }
  if (bytes.length > MAX_YAML_BYTES) {
    throw problem(`larger than ${MAX_YAML_BYTES} bytes`);
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw problem('is UTF-16; save it as UTF-8');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw problem('is not UTF-8 text', error);
  }
}

class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
}

/** At most one byte more than the limit, whatever the size. */
async function readLimited(file: string): Promise<Buffer> {
  // Opening a pipe would wait for its writer; O_NONBLOCK does not.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) {
      throw new NotAFileError(stats.isDirectory() ? 'is a directory, not a file' : 'is not a regular file');
    }
    const buffer = Buffer.alloc(MAX_YAML_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) {
        return buffer.subarray(0, length);
      }
    }
  } finally {
    await handle.close();
  }
}

function explainReadError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'the file does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'the file must not be read by this user';
    case 'ENOTDIR':
      return 'a part of the path is not a directory';
    case 'ELOOP':
      return 'the symbolic links go in a circle';
    default:
      return `the file cannot be read (${code === '' ? 'unknown error' : code})`;
  }
}
