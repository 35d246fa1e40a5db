import { parser } from '@prometheus-io/lezer-promql';

/** The chosen portfolio: the label that Prometheus puts on what it scrapes; empty, it means the series without such a label. */
const CHOSEN = 'portfolio="$portfolio"';

/** As a matcher: of the chosen portfolio, or of what all share, such as Alertmanager and the alerts about it. Not to be escaped twice, hence the raw string. */
export const CHOSEN_OR_SHARED = 'portfolio=~`|${portfolio:regex}`';

/**
 * A query that reads nothing but the series of the chosen portfolio, so that no aggregation of it mixes two. What names the label
 * itself stays as it is.
 * @throws Error where it is not PromQL
 */
export function ofPortfolio(expr: string): string {
  // Durations that Grafana puts in, as long as their names: places stay what they are.
  const plain = expr.replaceAll(/\$__\w+/g, (name) => `${'1'.repeat(name.length - 1)}m`);
  const places: { at: number; text: string }[] = [];
  parser.parse(plain).iterate({
    enter({ node }) {
      if (node.type.isError) throw new Error(`not PromQL at column ${node.from + 1}: ${expr}`);
      if (node.name !== 'VectorSelector') return;
      const matchers = node.getChild('LabelMatchers');
      if (matchers === null) places.push({ at: node.to, text: `{${CHOSEN}}` });
      else if (!/\bportfolio[=!]/.test(plain.slice(matchers.from, matchers.to)))
        places.push({ at: matchers.to - 1, text: `,${CHOSEN}` });
    },
  });
  return places
    .toSorted((one, other) => other.at - one.at)
    .reduce((text, { at, text: matcher }) => text.slice(0, at) + matcher + text.slice(at), expr);
}
