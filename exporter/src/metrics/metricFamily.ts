/** A metric family in Prometheus text format 0.0.4: its lines, each `name{labels} value` and a line end, under HELP and TYPE; nothing where there are none. */
export function metricFamily(name: string, type: 'counter' | 'gauge' | 'summary', help: string, lines: string): string {
  return lines === '' ? '' : `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines}`;
}

/** As HELP has it; in the value of a label a quote is escaped as well. */
export function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
