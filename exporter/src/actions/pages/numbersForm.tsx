import type { VNode } from 'preact';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import { ASKED_NUMBERS, type AskedNumber, expectedRange, type Numbers, withUnit } from '../numbers/askedNumbers.js';
import { type EntryKind, type LaunchedInitiative, MAX_EVIDENCE, VALUE_TYPES } from '../numbers/logEntries.js';
import type { NumberRequest } from '../numbers/numberRows.js';
import { periodTitle } from '../numbers/period.js';
import { MAX_TYPED, sureField } from '../numbers/readNumberForm.js';
import { FactList, Page } from './page.js';

export const MAX_REASON = 500;

export interface NumbersFormProps {
  readonly request: NumberRequest;
  readonly person: string;
  readonly expiresAt: Date;
  readonly timeZone: string;
  /** Of the period before. */
  readonly last: Numbers;
  /** What the rows have of the period. */
  readonly reported: Numbers;
  /** Of the period, logged on days before its last. */
  readonly logged: Numbers;
  readonly initiatives: readonly LaunchedInitiative[];
  /** What stands in the fields. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: ReadonlyMap<string, string>;
  readonly doubts: ReadonlyMap<string, string>;
  readonly confirmed: readonly string[];
  readonly numbers: Numbers;
  /** What became of what was sent last; null at first. */
  readonly notice: { readonly text: string; readonly isGood: boolean } | null;
  /** Of the entries beside the numbers; each is given out once. */
  readonly entryIds: Readonly<Record<EntryKind, string>>;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

const SECTIONS = [
  ['metrics', 'Money and users', 'As they stood on the last day of the period.'],
  ['usage', 'Working time', 'Spent in the period, in hours.'],
  ['assessments', 'Your assessment', 'All four, or none.'],
] as const;

/** The numbers of a period, each with what it is and what it was before; and what else there is to log. */
export function NumbersFormPage(props: NumbersFormProps): VNode {
  const { request, timeZone, notice, values } = props;
  const period = periodTitle(request);
  const isCorrection = request.version > 0;
  const title = `${visibleText(request.venture)}: the numbers of ${period}`;
  return (
    <Page kind={isCorrection ? 'Numbers · correction' : 'Numbers'} title={title} isNarrow>
      {notice !== null && (
        <p class={`card ${notice.isGood ? 'ok' : 'bad'}`} role="status">
          {notice.text}
        </p>
      )}
      <section class="card">
        <FactList
          facts={[
            ['Reports', visibleText(props.person)],
            ['Due', formatMoment(new Date(request.dueAt.getTime() - 60_000), timeZone)],
            ['Reported', reported(request, timeZone)],
            ['Draft', request.draftSavedAt === null ? null : `saved ${formatMoment(request.draftSavedAt, timeZone)}`],
          ]}
        />
        <p class="small">
          Leave empty what nobody knows: an unknown number is not 0. Write 1234.56, without separators of thousands.
        </p>
      </section>
      <form method="post" autocomplete="off" class="numbers">
        <input type="hidden" name="version" value={request.version} />
        {SECTIONS.map(([table, heading, hint]) => (
          <fieldset key={table} class="card">
            <legend>{heading}</legend>
            <p class="soft small">{hint}</p>
            {ASKED_NUMBERS.filter((asked) => asked.table === table).map((asked) => (
              <NumberField key={asked.key} asked={asked} {...props} />
            ))}
          </fieldset>
        ))}
        {isCorrection && (
          <fieldset class="card">
            <legend>Correction</legend>
            <Field
              id="reason"
              title="What was wrong?"
              problem={props.problems.get('reason')}
              hint="Kept with the new version."
            >
              <input id="reason" name="reason" maxlength={MAX_REASON} value={values['reason'] ?? ''} />
            </Field>
          </fieldset>
        )}
        {/* The first button is what the keyboard's return key presses: nothing is reported by accident. */}
        <div class="buttons last-first">
          <button class="plain" name="do" value="draft">
            Save draft
          </button>
          <button name="do" value="report">
            {isCorrection ? 'Report the correction' : 'Report the numbers'}
          </button>
        </div>
        <p class="soft small">
          {`Nothing is reported before you press the button. This link reports once, until ${formatMoment(props.expiresAt, timeZone)}; a mail then confirms it, with a link to correct it.`}
        </p>
        <LogEntries {...props} />
      </form>
    </Page>
  );
}

function reported({ version, reportedBy, reportedAt }: NumberRequest, timeZone: string): string | null {
  if (reportedAt === null) return null;
  return `${formatMoment(reportedAt, timeZone)} by ${visibleText(reportedBy ?? 'somebody')}, version ${version}; what you report is the next one`;
}

function NumberField({ asked, ...props }: { asked: AskedNumber } & NumbersFormProps): VNode {
  const { key, title, unit, decimals } = asked;
  const before = props.last[key];
  const range = expectedRange(asked, before);
  const logged = props.logged[key];
  const doubt = props.doubts.get(key);
  const onRecord = props.request.version > 0 ? props.reported[key] : null;
  const sure = props.confirmed.includes(key);
  return (
    <Field
      id={key}
      title={title}
      unit={unit === 'count' ? undefined : unit}
      problem={props.problems.get(key)}
      hint={asked.definition}
      more={[
        onRecord == null ? '' : `On record: ${withUnit(asked, onRecord)}.`,
        before == null ? 'Not reported before.' : `Before: ${withUnit(asked, before)}.`,
        range === null ? '' : `Expected: ${withUnit(asked, range.least)} to ${withUnit(asked, range.most)}.`,
        logged == null
          ? ''
          : `${withUnit(asked, logged)} of the period are logged by day already: write only what comes on top.`,
      ]
        .join(' ')
        .trim()}
    >
      <input
        id={key}
        name={key}
        inputmode={decimals === 0 ? 'numeric' : 'decimal'}
        maxlength={MAX_TYPED}
        value={props.values[key] ?? ''}
        aria-describedby={`${key}-about`}
        aria-invalid={props.problems.has(key) || doubt !== undefined}
      />
      {(doubt !== undefined || sure) && (
        <label class="check">
          <input type="checkbox" name={sureField(key)} value={props.numbers[key] ?? ''} checked={sure} />
          <span class={sure ? '' : 'wait'}>{`${doubt ?? ''} Yes, this number is right.`.trim()}</span>
        </label>
      )}
    </Field>
  );
}

interface FieldProps {
  readonly id: string;
  readonly title: string;
  readonly unit?: string | undefined;
  readonly hint?: string | undefined;
  readonly more?: string | undefined;
  readonly problem?: string | undefined;
  readonly children: VNode | (VNode | false)[];
}

function Field({ id, title, unit, hint, more, problem, children }: FieldProps): VNode {
  return (
    <div class="field">
      <label for={id}>
        {title}
        {unit !== undefined && <span class="soft">{` (${unit})`}</span>}
      </label>
      <p class="soft small" id={`${id}-about`}>
        {hint}
      </p>
      {children}
      {problem !== undefined && <p class="bad">{problem}</p>}
      {more !== undefined && <p class="soft small">{more}</p>}
    </div>
  );
}

/** Optional, each with a button of its own; what is typed above is kept as a draft. */
function LogEntries({ values, problems, initiatives, entryIds, today }: NumbersFormProps): VNode {
  const text = (name: string, title: string, more: Record<string, string | number> = {}, hint?: string): VNode => (
    <Field id={name} title={title} hint={hint}>
      <input id={name} name={name} maxlength={MAX_TYPED} value={values[name] ?? ''} {...more} />
    </Field>
  );
  return (
    <>
      <h2>Something else to log?</h2>
      <fieldset class="card">
        <legend>A captured value</legend>
        <input type="hidden" name="value_id" value={entryIds.value} />
        {initiatives.length === 0 ? (
          <p class="soft small">This venture takes part in no launched initiative: nothing can be captured yet.</p>
        ) : (
          <>
            <Field id="value_initiative" title="Initiative">
              <Choice
                id="value_initiative"
                chosen={values['value_initiative']}
                options={initiatives.map(({ id, code, name }) => [id, visibleText(`${name} (${code})`, 120)])}
              />
            </Field>
            <Field id="value_type" title="Kind of value">
              <Choice id="value_type" chosen={values['value_type']} options={Object.entries(VALUE_TYPES)} />
            </Field>
            {text('value_amount', 'Amount', { inputmode: 'decimal' })}
            {text('value_day', 'Day', { placeholder: today }, 'Written as 2026-11-30.')}
            {text('value_evidence', 'Evidence', { maxlength: MAX_EVIDENCE, inputmode: 'url' }, 'A link, or nothing.')}
            <Told problem={problems.get('value')} />
            <button class="plain" name="do" value="value">
              Log the value
            </button>
          </>
        )}
      </fieldset>
      <fieldset class="card">
        <legend>Time spent on coordination</legend>
        <input type="hidden" name="coordination_id" value={entryIds.coordination} />
        {text('coordination_hours', 'Hours', { inputmode: 'decimal' }, 'They are added to those of the day.')}
        {text('coordination_day', 'Day', { placeholder: today }, 'Written as 2026-11-30.')}
        <Told problem={problems.get('coordination_entry')} />
        <button class="plain" name="do" value="coordination">
          Log the hours
        </button>
      </fieldset>
    </>
  );
}

function Told({ problem }: { problem: string | undefined }): VNode | null {
  return problem === undefined ? null : <p class="bad">{problem}</p>;
}

function Choice({
  id,
  chosen,
  options,
}: {
  id: string;
  chosen: string | undefined;
  options: readonly (readonly [string, string])[];
}): VNode {
  return (
    <select id={id} name={id}>
      <option value="">Choose</option>
      {options.map(([value, title]) => (
        <option key={value} value={value} selected={value === chosen}>
          {title}
        </option>
      ))}
    </select>
  );
}
