import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/**
 * A panel with options that the SDK's builders do not know.
 * @param options as the panel's own schema names them: `frozenColumns`, `enablePagination`
 */
export function withOptions(panel: Builder<Panel>, options: Readonly<Record<string, unknown>>): Builder<Panel> {
  return {
    build: () => {
      const built = panel.build();
      return { ...built, options: { ...(built.options as object), ...options } };
    },
  };
}
