import { extname, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { buildReport } from '../report/buildReport.js';
import type { PortfolioReport } from '../report/report.js';
import { withDatabase } from './openDatabase.js';
import { REPORT_FORMATS } from './formats.js';
import type { ReportFormat } from './formats.js';

export interface ReportCommandOptions {
  readonly paths: ConfigPaths;
  /** `YYYY-MM`; null: the last complete one. */
  readonly month: string | null;
  /** null: by the file's extension; on stdout text. */
  readonly format: ReportFormat | null;
  /** null: stdout. */
  readonly file: string | null;
}

const BY_EXTENSION: Readonly<Record<string, ReportFormat>> = {
  '.pdf': 'pdf',
  '.html': 'html',
  '.htm': 'html',
  '.txt': 'text',
};

/**
 * `portfolio-exporter report`: the portfolio report of a month, to a file that appears whole or not at all, or to stdout. Writes
 * nothing to the database.
 */
export async function report(options: ReportCommandOptions, io: Io): Promise<number> {
  const format = formatOf(options);
  const configuration = await loadConfiguration(options.paths);
  const { units, settings } = configuration;
  const data = await withDatabase(configuration.exporter, io, (database) =>
    database.withClient((client) => buildReport(client, { month: options.month, units, settings, portfolio: '' })),
  );
  const content = await render(data, format);
  for (const { kpi, message } of data.failures) io.stderr(`${kpi} could not be computed: ${message}\n`);
  if (options.file === null) {
    io.stdout(content.toString());
    return EXIT_OK;
  }
  const file = resolve(options.file);
  try {
    await writeFileAtomic(file, content);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  io.stderr(`${data.title} (data as of ${data.asOf}): ${file}\n`);
  return EXIT_OK;
}

function formatOf({ format, file }: ReportCommandOptions): ReportFormat {
  if (file === null) {
    if (format === 'pdf') throw new CommandError('a PDF is not for a terminal: give it a file, such as -o report.pdf');
    return format ?? 'text';
  }
  const known = format ?? BY_EXTENSION[extname(file).toLowerCase()];
  if (known !== undefined) return known;
  throw new CommandError(`${file}: its extension does not tell the format; add --format ${REPORT_FORMATS.join(', ')}`);
}

async function render(data: PortfolioReport, format: ReportFormat): Promise<string | Buffer> {
  // Loaded here: charts and fonts would make every other command start later.
  if (format === 'pdf') return (await import('../report/pdf/reportPdf.js')).reportPdf(data);
  if (format === 'html') return (await import('../report/html/reportHtml.js')).reportHtml(data);
  return (await import('../report/reportText.js')).reportText(data);
}
