import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';

/** A threshold list: the colour below every step, then from each value on. The first step's value is null in Grafana's JSON. */
export function steps(
  base: string,
  ...above: readonly (readonly [value: number, color: string])[]
): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...above.map(([value, color]) => ({ value, color }))]);
}
