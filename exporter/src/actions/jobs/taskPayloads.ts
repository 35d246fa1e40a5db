import { z } from 'zod';

/** What graphile-worker puts into a job that its time table adds. */
const scheduled = z.object({ _cron: z.object({ ts: z.iso.datetime({ offset: true }) }).optional() });

/** What each task is given, by its name. */
export const TASK_PAYLOADS = {
  handle_notification: z.object({ id: z.string() }),
  /** An episode of portfolio_actions.alerts. */
  act_on_alert: z.object({ id: z.uuid() }),
  /** A row of portfolio_actions.mails. */
  deliver_mail: z.object({ id: z.uuid() }),
  /** A month, `YYYY-MM`. */
  deliver_report: z.object({ month: z.string() }),
  deliver_digests: z.object({ month: z.string() }),
  /** An execution of a recursion trigger. */
  execution_opened: z.object({ id: z.uuid() }),
  tell_venture_leads: z.object({}),
  detect_conflicts: z.object({}),
  each_minute: scheduled,
  each_hour: scheduled,
} as const;

export type TaskName = keyof typeof TASK_PAYLOADS;
export type TaskPayload<N extends TaskName> = z.infer<(typeof TASK_PAYLOADS)[N]>;
