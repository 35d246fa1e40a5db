import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-imports': ['error', { patterns: ['**/index.js'] }],
    },
  },
  {
    // The environment enters the program in config/, the exit code leaves it in main.ts.
    files: ['exporter/src/**', 'exporter/demo/**'],
    ignores: ['exporter/src/config/**', 'exporter/src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'read the environment in config/ only' },
        { object: 'process', property: 'exit', message: 'exit in main.ts only' },
      ],
    },
  },
  {
    // The classic dashboard, not the SDK's newer one: it is what file provisioning of the pinned Grafana reads.
    files: ['grafana/**', 'exporter/test/dashboards/**'],
    rules: {
      '@typescript-eslint/no-deprecated': [
        'error',
        {
          allow: [
            { from: 'package', name: ['Dashboard', 'DashboardBuilder'], package: '@grafana/grafana-foundation-sdk' },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.cjs', '**/*.js'],
    languageOptions: { globals: { module: 'readonly', process: 'readonly', console: 'readonly', fetch: 'readonly' } },
  },
);
