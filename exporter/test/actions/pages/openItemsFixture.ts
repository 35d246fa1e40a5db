import type { Client } from 'pg';
import { HOSTILE_NAME } from '../mail/sampleMails.js';

/** Ids of the rows that links are about. */
export const FIXTURE = {
  initiative: '11111111-1111-4111-8111-111111111111',
  request: '33333333-3333-4333-8333-333333333333',
  approval: '66666666-6666-4666-8666-666666666666',
  report: '77777777-7777-4777-8777-777777777777',
} as const;

const CLEAR = `
  DELETE FROM portfolio_actions.used_links; DELETE FROM portfolio_actions.mails; DELETE FROM portfolio_actions.approvals;
  DELETE FROM portfolio_actions.status_requests; DELETE FROM portfolio_actions.recursion_executions; DELETE FROM portfolio_actions.reports; DELETE FROM resource_conflicts;
  DELETE FROM synergy_initiatives; DELETE FROM graphile_worker._private_jobs`;

/** Two status requests (one overdue), a proposal to decide, a report, a job that was given up and a refused mail, as of 21 Nov 2026. */
export async function fillFixture(client: Client): Promise<void> {
  await client.query(CLEAR);
  await client.query(`
    INSERT INTO synergy_initiatives (id, code, name, status) VALUES
      ('${FIXTURE.initiative}', 'SYN-1', 'Shared checkout', 'ACTIVE'),
      ('11111111-1111-4111-8111-222222222222', 'SYN-2', 'Joint sales', 'ACTIVE');
    INSERT INTO initiative_milestones (id, initiative_id, name, deadline) VALUES
      ('22222222-2222-4222-8222-222222222222', '${FIXTURE.initiative}', 'Design done', '2026-11-17'),
      ('22222222-2222-4222-8222-333333333333', '11111111-1111-4111-8111-222222222222', 'First call', '2026-11-10');
    INSERT INTO portfolio_actions.status_requests (id, initiative_id, milestone_id, person, address, requested_at, due_at) VALUES
      ('${FIXTURE.request}', '${FIXTURE.initiative}', '22222222-2222-4222-8222-222222222222', 'Ada Lead', 'ada@example.test',
       '2026-11-20 12:00Z', '2026-11-22 12:00Z'),
      ('33333333-3333-4333-8333-444444444444', '11111111-1111-4111-8111-222222222222', '22222222-2222-4222-8222-333333333333',
       'Bob Lead', 'bob@example.test', '2026-11-14 12:00Z', '2026-11-16 12:00Z');
    INSERT INTO portfolio_actions.reports (id, kind, subject, period, title, created_at, as_of, data, html, text, pdf) VALUES
      ('${FIXTURE.report}', 'portfolio', '', '2026-10', 'Portfolio report, October 2026', '2026-11-05 06:00Z', '2026-11-05 06:00Z', '{}',
       '<p style="color:red">Report</p><script>alert(1)</script>', 'Cut Harbour to 20%. Expand: $12,000 a month.', '%PDF-1.7');
    INSERT INTO portfolio_actions.recursion_executions (trigger_id, subject, subject_name, period, depth, details, opened_at, opened_by, report_id)
      VALUES ('PORTFOLIO-003', 'portfolio', 'Portfolio', '2026-11', 2, '{}', '2026-11-05 06:00Z', 'schedule', '${FIXTURE.report}');
    INSERT INTO resource_conflicts (conflict_id, resource_id, resource_name, total_allocation_pct, detected_at) VALUES
      ('55555555-5555-4555-8555-555555555555', '55555555-5555-4555-8555-666666666666', 'x', 130, '2026-11-20 08:00Z');
    INSERT INTO portfolio_actions.approvals (id, conflict_id, report_id, requested_at) VALUES
      ('${FIXTURE.approval}', '55555555-5555-4555-8555-555555555555', '${FIXTURE.report}', '2026-11-20 09:00Z');
    SELECT graphile_worker.add_job('deliver_mail', '{}');
    UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = E'cannot connect: <img src=x>\\n at Object.stack';
    INSERT INTO portfolio_actions.mails (key, recipient, subject, html, text, message_id, created_at, refused_at, attempts, last_error)
      VALUES ('x', 'bad@example.test', 'Digest', '', '', 'x', '2026-11-20 12:00Z', '2026-11-20 12:01Z', 1, '550 no such user')`);
  await client.query('UPDATE resource_conflicts SET resource_name = $1', [HOSTILE_NAME]);
}
