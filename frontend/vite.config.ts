import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { commonFont } from './scripts/common-font.ts';

export default defineConfig({
  plugins: [react(), commonFont()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // What the oldest web view that we run in understands: WebKitGTK 2.40 of Debian 12 and WebView2.
    target: ['safari16.4', 'chrome115'],
    // Everything comes from the app's own memory, and inlined files cost CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What a start needs is one file: each takes a way through three processes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
  },
  test: {
    restoreMocks: true,
    // Vitest would leave one processor free, which of two is half.
    maxWorkers: availableParallelism(),
    // Rules are tested without a page; what renders gets one.
    projects: [
      { extends: true, test: { name: 'rules', environment: 'node', include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/test-setup.ts'],
          testTimeout: 30_000, // a busy machine is no failure
        },
      },
      // In a real browser, against the built page: npm run test:browser.
      {
        extends: true,
        test: {
          name: 'browser',
          environment: 'node',
          include: ['e2e/**/*.test.ts'],
          globalSetup: ['e2e/built-page.ts'],
          testTimeout: 120_000, // a busy machine is no failure here either
          hookTimeout: 120_000,
        },
      },
      // A picture of every screen, never with the tests: make gallery.
      {
        extends: true,
        test: {
          name: 'gallery',
          environment: 'node',
          include: ['e2e/gallery.ts'],
          globalSetup: ['e2e/built-page.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
