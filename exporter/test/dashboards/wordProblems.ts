import type { DashboardModel } from './dashboardModel.js';

/** Names of metrics, thresholds, files and commands. */
const NAME = /`|\w_\w/;

/** Descriptions that do not begin with what a reader understands who knows no name of a metric or a threshold. */
export function wordProblems({ uid, panels }: DashboardModel): string[] {
  return panels.flatMap(({ title, description }) => {
    const [beforeNames = ''] = description.split(/\*\*(?:Target|Source):\*\*/);
    // On-call is told which command to run.
    const plain = uid === 'portfolio-operations' ? (beforeNames.split('**When it is red:**')[0] ?? '') : beforeNames;
    const found = NAME.exec(plain);
    return found === null ? [] : [`${title}: a name at "${plain.slice(found.index, found.index + 30)}"`];
  });
}
