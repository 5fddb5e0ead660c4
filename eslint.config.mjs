import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { layers } from './eslint.layers.mjs';

const impure = [
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'core takes its random numbers as an argument (Rng): one seed, one result.' },
  { selector: 'MemberExpression[object.name="Date"][property.name="now"], NewExpression[callee.name="Date"][arguments.length=0]', message: 'core takes the time as an argument: one input, one result.' },
];
const noDefault = { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that a thing has one name everywhere.' };
const plainThrow = {
  selector: 'ThrowStatement > NewExpression[callee.name="Error"]',
  message: 'Throw ApplicationFailure: a plain Error only fails the workflow task, which is then retried for ever.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.hardgen/', 'node_modules/', 'worlds/'] },
  js.configs.recommended,
  // Outputs of tools hold control characters, and what cleans them has to name them.
  { rules: { 'no-control-regex': 'off' } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', require: 'readonly', __dirname: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', fetch: 'readonly', URL: 'readonly', Buffer: 'readonly', performance: 'readonly', AbortSignal: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { layers },
    rules: {
      'layers/imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-syntax': ['error', noDefault],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'config.ts is the one reader of the environment: take what you need from Config, keyOf or ourEnvironment.' }] },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noDefault, ...impure],
      'no-restricted-globals': ['error', ...['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'crypto', 'performance', 'Buffer'].map((name) => ({ name, message: 'core is pure: this comes in as an argument.' }))],
    },
  },
  // It tells openai's error classes apart, as retries depend on them; it opens no connection.
  { files: ['src/activities/failures.ts'], rules: { 'layers/imports': 'off' } },
  { files: ['src/workflows/**/*.ts'], rules: { 'no-restricted-syntax': ['error', noDefault, plainThrow] } },
);
