// What the compiler does not see: forgotten promises, values that are always true, and markup that some cannot use.
import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import typed from 'typescript-eslint';

const here = dirname(fileURLToPath(import.meta.url));

export default typed.config(
  { ignores: ['**/node_modules/**', '**/schema.ts', '**/dist/**'] },
  {
    files: ['web/src/**/*.ts', 'web/src/**/*.tsx'],
    extends: [js.configs.recommended, ...typed.configs.recommendedTypeChecked, a11y.flatConfigs.recommended],
    languageOptions: { parserOptions: { project: `${here}/../tsconfig.json`, tsconfigRootDir: here } },
    settings: { 'jsx-a11y': { attributes: { for: ['htmlFor', 'for'] } } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Trusted Types forbid it.' }, { property: 'outerHTML', message: 'Trusted Types forbid it.' }],
      'no-restricted-syntax': ['error', { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Trusted Types forbid it.' }],
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'off', // '' and 0 often mean "none" here
      // What comes from the server is `any` until it is looked at, which is what these would forbid.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Handlers start work whose failures they tell by themselves.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-base-to-string': 'off', // values of rules are numbers, words and flags
      '@typescript-eslint/prefer-promise-reject-errors': 'off', // the reason of an AbortSignal is passed on as it is
      '@typescript-eslint/no-unnecessary-type-assertion': 'off', // does not see through Preact's types of elements
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNever: true }],
      // Grids, lists of choices and layers hear keys where the focus is: at the grid, the input, the layer.
      'jsx-a11y/click-events-have-key-events': 'off',
      'jsx-a11y/interactive-supports-focus': 'off',
      'jsx-a11y/no-noninteractive-element-interactions': 'off',
      'jsx-a11y/no-static-element-interactions': 'off',
      'jsx-a11y/no-noninteractive-element-to-interactive-role': 'off',
      'jsx-a11y/no-noninteractive-tabindex': 'off', // what scrolls has to be reachable by keys
      'jsx-a11y/label-has-associated-control': ['error', { depth: 4 }],
      'jsx-a11y/no-autofocus': 'off', // in what somebody has just opened
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
    },
  },
  {
    files: ['web/check/**/*.ts', 'tests/e2e/console/**/*.ts'],
    extends: [js.configs.recommended, ...typed.configs.recommended],
    rules: { eqeqeq: 'error', 'no-undef': 'off' },
  },
);
