import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Takes minutes whatever the machine: the whole run is as long as it when it begins first. */
const FIRST = /alerting\/endToEnd\.test\.ts$/;

/** vitest's own order (failed before, slow before), after the file that waits longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification): boolean => FIRST.test(moduleId);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}
