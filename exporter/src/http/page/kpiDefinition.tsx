import type { VNode } from 'preact';
import { formatRecorded } from '../../config/thresholdCatalogue.js';
import { formatAge, formatTime } from '../../format/formatAge.js';
import { visibleText } from '../../format/visibleText.js';
import { ColumnHeads } from './columnHeads.js';
import { lateAlert } from './lateAlert.js';
import type { KpiStatus, StatusModel } from './statusModel.js';
import { formatThresholdStatus } from './thresholdTables.js';

const MAX_SQL_CHARACTERS = 50_000;

/** How a KPI is computed: service level, thresholds and who changed them, parameters, SQL. */
export function KpiDefinition({ kpi, model }: { kpi: KpiStatus; model: StatusModel }): VNode {
  const { text, file } = kpi.sql;
  return (
    <>
      <section aria-labelledby="thresholds">
        <h2 id="thresholds">Thresholds</h2>
        {kpi.thresholds.length === 0 ? <p class="soft">It reads none.</p> : <Thresholds kpi={kpi} model={model} />}
      </section>
      <section aria-labelledby="definition">
        <h2 id="definition">Definition</h2>
        <dl class="facts">
          <dt>Service level</dt>
          <dd>
            {formatAge(kpi.acceptableLagSeconds)} old at most;{' '}
            {kpi.alertWhenLate
              ? `later than that alerts (${lateAlert(kpi)})`
              : 'later than that is shown here and never alerts'}
          </dd>
          <dt>Age of the rows</dt>
          <dd>{kpi.freshness === null ? 'not told: only when it was computed' : visibleText(kpi.freshness, 400)}</dd>
          {kpi.parameters.map(({ name, value }) => (
            <>
              <dt>
                <code>:{name}</code>
              </dt>
              <dd>{visibleText(value)}</dd>
            </>
          ))}
          <dt>SQL</dt>
          <dd>
            <code>{visibleText(file, 400)}</code>
          </dd>
        </dl>
        <pre tabIndex={0} role="region" aria-label="SQL">
          <code>{text.slice(0, MAX_SQL_CHARACTERS)}</code>
        </pre>
        {text.length > MAX_SQL_CHARACTERS && <p class="soft small">The rest stands in the file.</p>}
      </section>
    </>
  );
}

function Thresholds({ kpi, model }: { kpi: KpiStatus; model: StatusModel }): VNode {
  const read = model.thresholds.filter(({ name }) => kpi.thresholds.includes(name));
  const { value, readAt, problem } = model.thresholdChanges;
  const changes = value?.filter(({ parameterName }) => kpi.thresholds.includes(parameterName)) ?? [];
  const age = readAt === null ? null : formatAge((model.now.getTime() - readAt.getTime()) / 1000);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="thresholds">
        <table>
          <caption class="unseen">What it reads, and the values in force</caption>
          <tbody>
            {read.map((threshold) => (
              <tr key={threshold.name}>
                <th scope="row">
                  <code>{threshold.name}</code>
                  <div class="soft small">{threshold.description}</div>
                </th>
                <td class="nobr">
                  {formatThresholdStatus(threshold)}
                  {threshold.isDefault ? '' : ', changed from the default'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {problem !== null && (
        <p class="wait small note">
          ! Changes not read: {visibleText(problem, 400)}
          {age === null ? '' : `; what stands here was read ${age} ago`}
        </p>
      )}
      {problem === null && age === null && <p class="soft small note">Changes: not read yet.</p>}
      {value !== null && changes.length === 0 && <p class="soft small note">None of them was ever changed.</p>}
      {changes.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Changes of thresholds">
          <table>
            <caption>Changes, the latest first; the ten newest of each</caption>
            <ColumnHeads columns={['When', 'Threshold', 'From', 'To', 'Who', 'Why']} />
            <tbody>
              {changes.map(({ parameterName, oldValue, newValue, changedAt, changedBy, reason }, index) => (
                <tr key={index}>
                  <td class="nobr">{formatTime(changedAt, model.timeZone)}</td>
                  <td>
                    <code>{visibleText(parameterName)}</code>
                  </td>
                  <td>{visibleText(formatRecorded(parameterName, oldValue))}</td>
                  <td>{visibleText(formatRecorded(parameterName, newValue))}</td>
                  <td>{visibleText(changedBy)}</td>
                  <td>{reason === null ? <span class="soft">no reason given</span> : visibleText(reason, 400)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
