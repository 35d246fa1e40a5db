// Imports go from right to left: a room may import itself and the rooms to its left.
const rooms = [
  'src/yaml',
  'src/format',
  'src/config',
  'src/server',
  'src/database',
  'src/kpi/unit',
  // What a server knows of a KPI is asked by `check` and before each run.
  'src/kpi/(check|run)',
  'src/kpi/schedule',
  'src/kpi/history',
  'src/snapshot',
  'src/import',
  'src/explain',
  'src/report',
  'src/actions',
  'src/metrics',
  'src/http/page',
  'src/http',
  'src/app',
  'demo',
  'src/cli',
];

const backward = rooms.map((room, index) => ({
  name: `${room.replaceAll(/\W+/g, '-')}-imports-only-leftwards`,
  severity: 'error',
  from: { path: `^exporter/${room}/` },
  to: {
    path: `^exporter/(${[...rooms.slice(index + 1).map((one) => `${one}/`), 'src/main\\.ts'].join('|')})`,
    pathNot: `^exporter/${room}/`,
  },
}));

module.exports = {
  forbidden: [
    ...backward,
    {
      // Two programs that share configuration, database and KPIs, and nothing else.
      name: 'exporter-without-actions',
      severity: 'error',
      from: { path: '^exporter/src/(metrics|http|app)/' },
      to: { path: '^exporter/src/(explain|report|actions)/' },
    },
    {
      // What the rules and alertmanager.yml are made of is for the command that writes them.
      name: 'alerts-only-for-cli',
      severity: 'error',
      from: { path: '^exporter/(src|demo)/', pathNot: '^exporter/src/cli/' },
      to: { path: '^(alertmanager|prometheus)/' },
    },
    {
      // Its files are what a compiled form depends on (compiledForms.ts hashes them, and nothing else).
      name: 'grammar-alone',
      severity: 'error',
      from: { path: '^exporter/src/kpi/unit/grammar/' },
      to: {
        pathNot:
          '^(exporter/src/kpi/unit/grammar/|exporter/src/yaml/explainedError|node_modules/(libpg-query|@pgsql)/)',
      },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^(exporter|alertmanager|prometheus)/src/' },
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
