import type { DataTransformerConfig, MatcherConfig } from '@grafana/grafana-foundation-sdk/dashboard';

/** Takes a column of the query `refId` into the configuration of other fields. */
export interface ConfigMapping {
  readonly column: string;
  /** A colour: values from the column's number on have it. `displayName`: the column's text is the field's name. */
  readonly as: { readonly color: string } | 'displayName' | 'max' | 'min';
}

/**
 * The transformation "config from query results": what thresholds.yaml says reaches a panel as data, so that editing the
 * file moves lines, bands and names without touching the dashboard. Steps are appended to those of the panel's defaults.
 */
export function configFromData(
  refId: string,
  applyTo: MatcherConfig,
  mappings: readonly ConfigMapping[],
): DataTransformerConfig {
  return {
    id: 'configFromData',
    options: {
      configRefId: refId,
      applyTo,
      mappings: mappings.map(({ column, as }) =>
        typeof as === 'string'
          ? { fieldName: column, handlerKey: as }
          : {
              fieldName: column,
              handlerKey: 'threshold1',
              handlerArguments: { threshold: { color: as.color } },
            },
      ),
    },
  };
}

export const byName = (name: string): MatcherConfig => ({ id: 'byName', options: name });
export const byRegexp = (pattern: string): MatcherConfig => ({ id: 'byRegexp', options: pattern });
export const byQuery = (refId: string): MatcherConfig => ({ id: 'byFrameRefID', options: refId });
