/** How the results of a command can be written. */
export const EXPLAIN_FORMATS = ['table', 'json', 'csv'] as const;
export type ExplainFormat = (typeof EXPLAIN_FORMATS)[number];

export const OUTPUT_FORMATS = ['table', 'json', 'prometheus'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export const REPORT_FORMATS = ['pdf', 'html', 'text'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
