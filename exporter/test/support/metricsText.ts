export interface TextSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? ([^ ]+)$/is;
const LABEL = /([a-z_][a-z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/giy;

/** The samples of a page in Prometheus text format 0.0.4, label values unescaped. Throws where a line is none. */
export function parseMetrics(text: string): TextSample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, metric, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (metric === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    return { metric, labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
  });
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex;
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a label: ${text.slice(at)}`);
    labels[name] = value.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
  }
  return labels;
}

/** The value of the only sample with this name and (at least) these labels; undefined where there is none. */
export function valueOf(
  samples: readonly TextSample[],
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.metric === metric && Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
  );
  if (found.length > 1) throw new Error(`${found.length} samples of ${metric} with ${JSON.stringify(labels)}`);
  return found[0]?.value;
}
