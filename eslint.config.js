import js from '@eslint/js'
import vitest from '@vitest/eslint-plugin'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { importBoundaries } from './tools/eslint/imports.js'
import { portRules, portSyntax } from './tools/eslint/ports.js'

const shipped = ['src/**/*.{ts,tsx}', 'machines/**/*.ts']
// What runs in a browser has no ports: its time is the browser's, and nothing of it is ever repeated.
const page = ['src/inspect/page/**/*.{ts,tsx}']
const ports = ['src/{clock,random,ids}/**/*.ts']
const testEquipment = ['src/testing/**/*.ts']

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a thing is called the same wherever it is used, and a search finds it.',
}

const machineSyntax = [
  {
    selector: 'Property[key.name=/^(after|invoke)$/]',
    message:
      'A machine has no `after` and no `invoke`: timers do not survive a restore, and an invoked call runs again.',
  },
  {
    selector: 'Property[key.name="type"] > Literal[value="final"]',
    message:
      'A settled state carries a tag, not `final`: a done snapshot ignores every event, and redeliver must leave it.',
  },
]

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'bench/results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number or boolean has one obvious text form; the rule is here for objects, null and undefined.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => stop()` and `return fail(error)` in a function declared void say plainly that there is no result.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // It trusts declared types where hookline checks what JavaScript callers really pass, and takes a field that a
      // callback has changed for unchanged. All it found here was needed.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // It judges only whether the receiver accepts the bare value, and so takes away the assertions that feed inference
      // (the params of actions in `setup`) or widen an optimistic library type (`JSON.stringify(x) as string | undefined`).
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // Inert effects and deliberately ignored errors are empty functions, and named for it.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: shipped,
    rules: {
      ...portRules,
      'no-restricted-syntax': ['error', noDefaultExport, ...portSyntax],
      'no-console': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 80],
    },
  },
  {
    files: ['machines/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, ...portSyntax, ...machineSyntax] },
  },
  {
    files: [...ports, ...testEquipment, ...page],
    rules: {
      'no-restricted-globals': 'off', // the ports are where these globals enter; test equipment drives real sockets
      'no-restricted-properties': 'off', // the same
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  ...importBoundaries,
  {
    files: ['test/**/*.ts'],
    plugins: { vitest },
    rules: {
      'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'fc.assert'] }],
      'vitest/no-disabled-tests': 'error',
      'vitest/no-focused-tests': 'error',
      'vitest/no-identical-title': 'error',
      'vitest/no-standalone-expect': 'error',
      'vitest/valid-expect': ['error', { maxArgs: 2 }],
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock', 'useFakeTimers'].map((property) => ({
          object: 'vi',
          property,
          message: 'Inject a port instead: a test that swaps modules or globals says nothing about the real wiring.',
        })),
      ],
      // With noUncheckedIndexedAccess every `list[0]` needs it, and a wrong one fails the test, which is the point.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Asymmetric matchers (`expect.objectContaining`) are typed `any` by vitest.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
)
