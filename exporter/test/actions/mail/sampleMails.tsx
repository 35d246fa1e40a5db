/** @jsxRuntime automatic @jsxImportSource preact */
import type { MailContent } from '../../../src/actions/mail/mailContent.js';
import { Buttons, DataTable, Facts, Figures, Heading, Note, Paragraph } from '../../../src/actions/mail/mailParts.js';

/** What people type into names: markup, line breaks, direction marks, no spaces. */
export const HOSTILE_NAME = `<img src=x onerror=alert(1)>"'&\u202egnp.exe\r\nBcc: all@example.test ${'W'.repeat(400)}`;

function conflict(resource: string): MailContent {
  return {
    subject: `${resource} is over-allocated: 130% of the capacity is given to ventures`,
    kind: 'Conflict · high',
    tone: 'high',
    preheader: 'Next step: agree with the other venture leads whose allocation is cut.',
    footer: 'ResourceConflictDetected · for Venture Leads · Portfolio alerts',
    body: (
      <>
        <Figures
          figures={[
            { label: 'Allocated', value: '130%' },
            { label: 'Limit', value: '100%' },
          ]}
        />
        <Paragraph>
          The active allocations of <strong>{resource}</strong> (people) add up to 130%. More than one venture counts on
          the same capacity.
        </Paragraph>
        <Note>
          <strong>Next step:</strong> agree with the other venture leads whose allocation is cut, and change it.
        </Note>
        <Heading>Who counts on it</Heading>
        <DataTable
          columns={[
            { title: 'Venture' },
            { title: 'Share', align: 'right', width: '70' },
            { title: 'Score', align: 'right', width: '70' },
          ]}
          rows={[
            [resource, '80%', '3.75'],
            ['Harbour', '50%', '2.10'],
          ]}
        />
        <Facts
          facts={[
            ['Resource', resource],
            ['Since', 'Sat 21 Nov 2026, 14:05 UTC'],
            ['Nobody', null],
          ]}
        />
        <Buttons
          links={[
            { href: 'https://actions.example.test/l/eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ.eyJ0In0.c2ln', label: 'Answer' },
            { href: 'https://grafana.example.test/d/resource-efficiency', label: 'Open dashboard', plain: true },
            { href: 'javascript:alert(1)', label: 'Never' },
          ]}
        />
      </>
    ),
  };
}

export const SAMPLE_MAILS: Readonly<Record<string, MailContent>> = {
  conflict: conflict('Design team'),
  hostile: conflict(HOSTILE_NAME),
  short: { subject: 'Mail to lead@example.test was refused', body: <Paragraph>Look at the address.</Paragraph> },
};
