import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PRODUCT = ['api/**/*.ts', 'controller/**/*.ts', 'cli/**/*.ts', 'console/**/*.ts'];
const CLOCKS = ['api/machinery/clock.ts', 'cli/clock.ts'];
const NODE_GLOBALS = Object.fromEntries(
  ['process', 'console', 'URL', 'Buffer', 'setTimeout', 'clearTimeout', 'AbortSignal', 'performance'].map((name) => [name, 'readonly']),
);

/** Which imports go where is checked by .dependency-cruiser.mjs. */
export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', '**/generated/**', '**/*.gen.ts']),
  js.configs.recommended,
  {
    rules: {
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-param-reassign': 'error',
      'no-implicit-coercion': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-depth': ['error', 4],
      complexity: ['error', 20],
      'preserve-caught-error': 'error',
      // Text from outside is cleaned of exactly these.
      'no-control-regex': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: NODE_GLOBALS } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // Spreading a string into code points is what its users mean.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // An implementation may have nothing to wait for where its interface does.
      '@typescript-eslint/require-await': 'off',
      // Objects that stand for JSON lose keys by their names.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A class of error says what happens next, and needs no body for it.
      '@typescript-eslint/no-extraneous-class': 'off',
      // Values parsed from JSON are unknown; texts for people show them as they are.
      '@typescript-eslint/no-base-to-string': 'off',
      // It takes a field for constant that another call changes while this one awaits.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: PRODUCT,
    rules: { 'no-console': 'error' },
  },
  {
    files: PRODUCT,
    ignores: CLOCKS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval'].map((name) => ({ name, message: 'Time and timers come from Clock.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from Clock.' },
        { object: 'performance', property: 'now', message: 'Time comes from Clock.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from Clock.' },
        { selector: 'TSEnumDeclaration', message: 'A union, not an enum.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A table of cases is long without being hard to read.
      'max-lines': 'off',
      // Matchers such as expect.stringContaining() are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Spies and fixtures are plain objects.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]",
          message: 'A test that is switched off, or alone, tests nothing.',
        },
        { selector: "CallExpression[callee.name='setTimeout']", message: 'Wait for a condition with a deadline (expect.poll), not for a time.' },
      ],
    },
  },
);
