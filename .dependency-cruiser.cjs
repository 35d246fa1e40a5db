// Imports go config -> database -> kpi -> metrics -> http -> alertmanager -> demo -> cli -> main: a room may import itself and rooms to its left.
const rooms = ['config', 'database', 'kpi', 'metrics', 'http', 'alertmanager', 'demo', 'cli'];

const backward = rooms.map((room, index) => ({
  name: `${room}-imports-only-leftwards`,
  severity: 'error',
  from: { path: `^exporter/src/${room}/` },
  to: { path: `^exporter/src/(${[...rooms.slice(index + 1), 'main\\.ts'].join('|')})` },
}));

module.exports = {
  forbidden: [
    ...backward,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^exporter/src/(?!demo/)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
