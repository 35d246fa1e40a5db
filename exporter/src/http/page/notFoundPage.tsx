import { didYouMean } from '../../yaml/didYouMean.js';
import { visibleText } from '../../format/visibleText.js';
import { renderPage } from './layout.js';
import type { StatusModel } from './statusModel.js';

/** Of a KPI that there is not: the nearest name, and all of them. */
export function renderNotFoundPage(model: StatusModel, name: string): string {
  const nearest = didYouMean(
    name,
    model.kpis.map((kpi) => kpi.name),
  );
  return renderPage({
    model,
    refresh: false,
    path: '/',
    title: 'No such KPI',
    healthy: false,
    heading: <h1 class="overall">No such KPI</h1>,
    children: (
      <>
        <p>
          There is no KPI named <code>{visibleText(name, 80)}</code>.
          {nearest !== null && (
            <>
              {' '}
              Did you mean <a href={`/kpi/${nearest}`}>{nearest}</a>?
            </>
          )}
        </p>
        <ul class="plain">
          {model.kpis.map((kpi) => (
            <li key={kpi.name}>
              <a href={`/kpi/${kpi.name}`}>{kpi.name}</a>
            </li>
          ))}
        </ul>
      </>
    ),
  });
}
