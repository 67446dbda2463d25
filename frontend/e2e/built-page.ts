/** Builds the page once for all tests of this folder, as it is released, and serves it as long as they run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    pageAddress: string;
  }
}

/** The tests' own NODE_ENV would build in all that React checks in development: frames cost three times as much then. */
async function buildAsReleased(outDir: string) {
  const held = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } });
  } finally {
    process.env.NODE_ENV = held;
  }
}

/** What Vitest calls before the first test file; it calls what this returns after the last. */
export async function setup(project: TestProject) {
  const outDir = await mkdtemp(path.join(tmpdir(), 'himsg-page-'));
  await buildAsReleased(outDir);
  const server = await preview({ logLevel: 'error', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const [address = ''] = server.resolvedUrls?.local ?? [];
  project.provide('pageAddress', address);
  return async () => {
    await server.close();
    await rm(outDir, { recursive: true, force: true });
  };
}
