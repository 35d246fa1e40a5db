import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/**
 * The files that take longest. The first waits for minutes whatever the machine: the whole run is as long as it when it begins
 * first. The others must not be what is left at the end, when nothing runs beside them.
 */
const LONGEST = [
  'alerting/endToEnd',
  'prometheus/ruleMutations',
  'cli/commands',
  'prometheus/rules',
  'kpi/mutations',
  'dashboards/panelNumbers',
  'stack/stack',
];

/** vitest's own order (failed before, slow before), after the files that are known to take longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return index === -1 ? LONGEST.length : index;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
