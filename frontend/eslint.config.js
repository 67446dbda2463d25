// oxlint checks nearly everything. ESLint adds what it can't: the rules of hooks, and who may import whom.
import parser from '@typescript-eslint/parser';
import reactHooks from 'eslint-plugin-react-hooks';

const features = ['signin', 'chat', 'people', 'search', 'notices', 'admin', 'settings'];

/** Files in `from` may not import what matches `groups`. Folders import each other by `@/…`, never by `../…`. */
function zone(from, groups, message) {
  const patterns = [
    { group: ['../*'], message: 'Import other folders as @/…; a folder is one place.' },
    ...(groups.length > 0 ? [{ group: groups, message }] : []),
  ];
  return { files: [`src/${from}/**/*.{ts,tsx}`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default [
  { ignores: ['dist/**', 'src/wailsjs/**'] },
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    plugins: { 'react-hooks': reactHooks },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // It warns of what the React Compiler would skip; there is none here.
      'react-hooks/incompatible-library': 'off',
    },
  },
  zone('app', []),
  zone('bridge', ['@/app/*', '@/features/*', '@/components/*', '@/i18n/*'], 'The bridge knows no screen.'),
  zone('components', ['@/app/*', '@/features/*', '@/wailsjs/*'], 'A component that several features show knows none.'),
  zone('i18n', ['@/app/*', '@/features/*', '@/components/*', '@/bridge/*'], 'Texts know nothing.'),
  ...features.map((feature) =>
    zone(
      `features/${feature}`,
      [
        '@/app/*',
        '@/wailsjs/*',
        ...features.filter((other) => other !== feature).map((other) => `@/features/${other}/*`),
      ],
      'A feature imports bridge, components and i18n; never another feature, the app, or generated code.',
    ),
  ),
];
