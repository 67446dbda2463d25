// Runs test suites and counts: node .ci/test.mjs SUITE…
//
// A suite is one of those in `suites` below; `go` stands for all Go modules. A package or file that passes takes one
// line, one that fails shows all that it printed. The run ends with "N passed, N failed, N skipped" alone on a line, and
// with an exit code that is not 0 when a test failed or was skipped, or when a suite ran no test at all: a suite that
// runs nothing proves nothing.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const binaries = {
  HIMSG_E2E_SERVER: join(root, 'bin/himsg-server'),
  HIMSG_E2E_APP: join(root, 'bin/himsg-devtools'),
};

// Packages that take longest, the longest first. They begin: last, one would run with nothing beside it.
const longest = {
  server: ['app', 'sqlstore', 'chat', 'files', 'ws', 'auth'].map((name) => `./internal/${name}`).concat('./cmd/himsg-bench'),
  desktop: ['core', 'icon', 'store'].map((name) => `./internal/${name}`),
};

const suites = {
  shared: () => goTest('shared', ['./...']),
  migrations: () => goTest('migrations', ['./...'], { mayBeEmpty: true }),
  server: () => goTest('server', [...longest.server, './...']),
  desktop: () => goTest('desktop', ['-tags', 'webkit2_41', ...longest.desktop, './...']),
  ui: () => vitest(['rules', 'page']),
  browser: () => vitest(['browser']),
  // Never out of Go's cache: it does not know of the binaries that these drive.
  e2e: () => goTest('desktop', ['-tags', 'webkit2_41,e2e', '-count=1', '-timeout', '20m', './e2e/...'], { env: binaries }),
  screens: () => goTest('desktop', ['-tags', 'webkit2_41,screens', '-count=1', '-timeout', '20m', './e2e/...'], { env: binaries }),
};
const groups = { go: ['shared', 'migrations', 'server', 'desktop'] };

/** Counts of one suite. */
function newCount() {
  return { passed: 0, failed: 0, skipped: 0 };
}

// Packages that are not watched for races. SQLite is C turned into Go by a machine, one goroutine to a connection: watching its every
// load and store makes it six times slower and can't find anything of ours. Ciphers and password hashes only compute.
const unwatched = ['github.com/ncruces/go-sqlite3-wasm/...', 'golang.org/x/crypto/...', 'lukechampine.com/...'];

/**
 * A folder for what tests write: in memory if there is plenty, since databases that wait for a disk make them two to three
 * times as long. Nothing that a test proves hangs on it: they kill processes, and only `make faults` cuts the power.
 */
function scratchFolder() {
  const plenty = 4 * 2 ** 30;
  let folder = tmpdir();
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize >= plenty) folder = '/dev/shm';
  } catch {
    // This system has none.
  }
  return mkdtempSync(join(folder, 'himsg-tests-'));
}

/** Runs `go test -race -json` in a module and returns its count. */
async function goTest(module, args, options) {
  const scratch = scratchFolder();
  try {
    return await goTestIn(scratch, module, args, options);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function goTestIn(scratch, module, args, { env = {}, mayBeEmpty = false } = {}) {
  // Property tests against real databases take minutes; on a busy machine more than Go's own ten.
  const command = ['test', '-race', ...unwatched.map((pattern) => `-gcflags=${pattern}=-race=false`), '-json', '-timeout', '30m'];
  // A result from Go's cache is fine at the desk; CI runs the tests. Vet is one of its linters, which it has run already.
  if (process.env.CI) command.push('-count=1', '-vet=off');
  const go = spawn('go', [...command, ...args], {
    cwd: join(root, module),
    // What the compiler writes stays on the disk: it is large, and some systems run nothing from memory.
    env: { ...process.env, GOTMPDIR: tmpdir(), TMPDIR: scratch, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const count = newCount();
  const packages = new Map();
  for await (const line of createInterface({ input: go.stdout })) {
    readGoEvent(line, packages, count);
  }
  const code = await exitOf(go);
  if (code !== 0 && count.failed === 0) {
    console.log(`FAIL  go ${command.join(' ')} in ${module}/ ended with code ${code}`);
    count.failed++;
  }
  return { ...count, mayBeEmpty };
}

/** Takes one line of `go test -json`. Events: https://pkg.go.dev/cmd/test2json, and build-output of `go help buildjson`. */
function readGoEvent(line, packages, count) {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    console.log(line); // the go command itself, before any test
    return;
  }
  if (event.Action === 'build-output') {
    process.stdout.write(event.Output);
    return;
  }
  if (!event.Package) return;
  const seen = packages.get(event.Package) ?? { tests: 0, failed: 0, skipped: [], outputs: new Map() };
  packages.set(event.Package, seen);

  const test = event.Test ?? '';
  if (event.Action === 'output') {
    seen.outputs.set(test, (seen.outputs.get(test) ?? '') + event.Output);
    return;
  }
  if (!['pass', 'fail', 'skip'].includes(event.Action)) return;
  if (test === '') {
    endGoPackage(event, seen, count);
    return;
  }
  seen.tests++;
  if (event.Action === 'pass') {
    count.passed++;
    seen.outputs.delete(test); // nobody asks for it any more
  } else if (event.Action === 'fail') {
    count.failed++;
    seen.failed++;
  } else {
    count.skipped++;
    seen.skipped.push(test);
  }
}

function endGoPackage({ Action, Package, Elapsed = 0 }, seen, count) {
  if (Action === 'skip') return; // no test files
  if (Action === 'fail' && seen.failed === 0) count.failed++; // did not build, panicked, timed out, or TestMain failed
  if (Action === 'fail' || seen.skipped.length > 0) {
    for (const output of seen.outputs.values()) process.stdout.write(output);
  }
  for (const test of seen.skipped) console.log(`SKIP  ${Package} ${test}`);
  const word = Action === 'fail' ? 'FAIL' : 'ok  ';
  console.log(`${word}  ${Package.padEnd(48)} ${String(seen.tests).padStart(5)} tests ${Elapsed.toFixed(1).padStart(7)} s`);
}

/** Runs projects of frontend/vite.config.ts and returns their count. */
async function vitest(projects) {
  const out = mkdtempSync(join(tmpdir(), 'himsg-vitest-'));
  const file = join(out, 'report.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  for (const project of projects) args.push('--project', project);
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
  const cwd = join(root, 'frontend');
  const code = await exitOf(spawn('node_modules/.bin/vitest', args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] }));
  const count = newCount();
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    count.passed = report.numPassedTests;
    count.failed = report.numFailedTests;
    count.skipped = report.numPendingTests + report.numTodoTests;
  } catch (error) {
    console.log(`FAIL  vitest left no report: ${error.message}`);
  } finally {
    rmSync(out, { recursive: true });
  }
  // A file that can't be loaded has no tests to count, an unhandled rejection belongs to none: the exit code tells.
  if (code !== 0 && count.failed === 0) count.failed = 1;
  return count;
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}

async function main(names) {
  const chosen = names.flatMap((name) => groups[name] ?? [name]);
  for (const name of chosen) {
    if (!suites[name]) {
      console.error(`unknown suite '${name}'; one of ${[...Object.keys(suites), ...Object.keys(groups)].join(', ')}`);
      return 2;
    }
  }
  const total = newCount();
  const remarks = [];
  for (const name of chosen) {
    console.log(`== tests: ${name}`);
    const started = Date.now();
    const count = await suites[name]();
    for (const key of Object.keys(total)) total[key] += count[key];
    if (count.passed + count.failed === 0 && !count.mayBeEmpty) {
      remarks.push(`the suite ${name} ran no test`);
      total.failed++;
    }
    const seconds = Math.round((Date.now() - started) / 1000);
    remarks.push(`${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped in ${seconds} s`);
  }
  console.log(`\n${remarks.join('\n')}`);
  if (total.skipped > 0) console.log('a skipped test counts as a failure here: install what it misses, or delete it');
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed + total.skipped > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
