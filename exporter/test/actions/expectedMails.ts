import { isStopped, noon, STOP } from './simulatedWorld.js';
import type { Episode } from './simulatedWorld.js';

/** `2025-03-05 chairman@example.test digest`. */
export type ExpectedMail = string;

const LEADS = ['lead1', 'lead2'];

/** When the process hears of an episode's begin and of its end; null: never. */
export function heard({ from, to }: Episode): { readonly begin: number; readonly end: number } | null {
  const begin = isStopped(from) ? STOP.to : from;
  // Alertmanager tells the end of what it has told before, as soon as it is heard.
  if (begin >= to) return null;
  return { begin, end: isStopped(to) ? STOP.to : to };
}

/** Whether somebody answers the day after; the others never do. */
export const isAnswered = ({ mood }: Episode): boolean => mood < 0.5;
export const decisionOf = ({ mood }: Episode): 'APPROVED' | 'REJECTED' | null =>
  mood < 0.33 ? 'APPROVED' : mood < 0.66 ? 'REJECTED' : null;

/** What is to arrive, by the words of the specification and a calendar; nothing here comes from the code. */
export function expectedMails(episodes: readonly Episode[], days: number): ExpectedMail[] {
  const mails: ExpectedMail[] = [];
  const send = (day: number, names: readonly string[], kind: string): void => {
    for (const name of names) mails.push(`${noon(day).toISOString().slice(0, 10)} ${name}@example.test ${kind}`);
  };
  const isRun = (day: number): boolean => day < days && !isStopped(day);
  const of = (alertname: string) =>
    episodes.flatMap((one) => {
      const times = one.alertname === alertname ? heard(one) : null;
      return times === null ? [] : [{ ...one, ...times }];
    });

  const falls = of('PortfolioPerformanceDegradation');
  let review: number | null = null;
  for (let day = 0; day < days; day += 1) {
    for (const { begin } of falls) if (begin === day) send(day, ['chairman', 'advisor'], 'root cause');
    if (falls.some(({ begin }) => begin === day) && (review === null || !isAhead(review, day)))
      review = meetingDay(day);
    const ends = falls.some(({ end }) => end === day);
    const fires = falls.some(({ begin, end }) => begin <= day && end > day);
    if (ends && !fires && review !== null && isAhead(review, day)) {
      send(day, ['chairman', 'advisor'], 'cancellation');
      review = null;
    }
  }

  for (const delay of of('SynergyInitiativeDelayed')) {
    const owner = `owner${delay.entity.slice(-1)}`;
    send(delay.begin, [owner], 'status request');
    const due = firstRun(delay.begin + 2);
    if (!isAnswered(delay) && due < delay.end) send(due, [owner], 'status reminder');
  }

  const conflicts = of('ResourceConflictDetected');
  for (let day = 0; day < days; day += 1) {
    // One about all of them, each day up to and with the end.
    const goesOn = conflicts.some(({ begin, end }) => begin <= day && day <= end);
    if (isRun(day) && goesOn) send(day, LEADS, 'venture lead');
  }
  for (const conflict of conflicts) {
    const { begin, end } = conflict;
    send(begin, ['chairman'], 'approval');
    send(begin, ['planner'], 'proposal');
    const second = firstRun(begin + 2);
    for (const look of [second, firstRun(second + 2)])
      if (look < end) send(look, ['chairman', 'planner'], 'further look');
    const waits = (since: number): void => {
      let told = 0;
      for (let day = since; day < end; day += 1) {
        const periods = Math.floor((day - since) / 3);
        if (isRun(day) && periods > told) {
          send(day, ['chairman'], 'approval reminder');
          told = periods;
        }
      }
      send(end, ['chairman'], 'withdrawal');
    };
    const decision = decisionOf(conflict);
    if (decision === null) waits(begin);
    else send(firstRun(begin + 1), ['planner', ...LEADS], 'decision');
    // The second look asks about another way, and nobody decides about that.
    if (decision === 'REJECTED' && second < end) waits(second);
  }

  let strategy: number | null = null;
  const invited = new Set<Episode>();
  const told = new Set<Episode>();
  const digested = [of('SynergyCaptureRateBelowTarget'), of('CoordinationOverheadExceedsThreshold')] as const;
  for (let day = 0, month = '2024-12'; day < days; day += 1) {
    for (const { end } of digested[0]) {
      if (end !== day || strategy === null || !isAhead(strategy, day)) continue;
      send(day, ['chairman', 'analyst'], 'cancellation');
      strategy = null;
    }
    while (isRun(day) && noon(day).toISOString().slice(0, 10) >= `${next(month)}-05`) {
      send(day, ['advisor', 'analyst', 'chairman', 'manager', 'planner'], 'report');
      const [rate, overhead] = digested.map((list) =>
        list.filter((one) => {
          const fires = one.begin <= day && monthOf(one.from) <= month;
          const isIn = one.end > day || monthOf(one.to) >= month || !told.has(one);
          return fires && isIn;
        }),
      );
      for (const one of [...(rate ?? []), ...(overhead ?? [])]) told.add(one);
      const open = rate?.find(({ end }) => end > day);
      if (open !== undefined && (strategy === null || !isAhead(strategy, day)) && !invited.has(open)) {
        strategy = meetingDay(day);
        invited.add(open);
      }
      const readers = [
        ...(rate?.length ? ['analyst', 'chairman'] : []),
        ...(overhead?.length ? ['chairman', 'planner'] : []),
      ];
      send(day, [...new Set(readers)], 'digest');
      month = next(month);
    }
  }
  return mails.toSorted();
}

function firstRun(day: number): number {
  return isStopped(day) ? STOP.to : day;
}

/** The first working day whose ten o'clock is a day ahead, asked at noon. */
function meetingDay(day: number): number {
  let meeting = day + 2;
  while ([0, 6].includes(noon(meeting).getUTCDay())) meeting += 1;
  return meeting;
}

/** Ten o'clock is before noon. */
function isAhead(meeting: number, day: number): boolean {
  return meeting > day;
}

/** Of an alert that begins or ends at six o'clock UTC. */
function monthOf(day: number): string {
  return noon(day).toISOString().slice(0, 7);
}

function next(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
