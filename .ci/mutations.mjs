// Takes one promise after the other out of the code and looks whether a suite notices: node .ci/mutations.mjs [--look] [NAME…]
//
// The code that a mutation replaces must stand in its file exactly once: when it has changed, the run fails and says so. --look
// does no more than that, in no time.
// Go's -overlay puts the changed copy in place of the file while it builds, so the tree itself is never touched. Each check
// runs on the sound code first: only what is green there proves something by turning red.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What may turn red: Go tests of a package, or a row of himsg-bench faults. */
const suites = {
  store: goTests('server', './internal/sqlstore', '^(TestSuite|TestDiskFails)$/^sqlite$'),
  hub: goTests('server', './internal/hub', 'TestEachSessionSeesEachRevOnceInOrder|TestWhoJoins|TestSweep'),
  matrix: goTests('server', './internal/app', '^TestAuthorisationOf'),
  client: goTests('shared', './client', 'TestSnapshotEqualsStorePlusChanges', '-rapid.seed=1', '-rapid.nofailfile'),
  'kill-9': faultRow('kill-9'),
  'power-cut': faultRow('power-cut'),
};

const mutations = [
  {
    name: 'no unique key on (sender, client_id)',
    suite: 'store',
    file: 'migrations/sqlite/00001_base.sql',
    from: 'unique (sender_id, client_id)',
    to: 'unique (id)',
  },
  {
    name: 'a repeated client_id is not recognised',
    suite: 'store',
    file: 'server/internal/sqlstore/batch.go',
    from: 'if m, ok := found[e.key()]; ok {',
    to: 'if m, ok := found[e.key()]; ok && false {',
  },
  {
    name: 'no fsync at a commit',
    suite: 'power-cut',
    file: 'server/internal/sqlstore/sqlite.go',
    from: 'pragma synchronous=full;',
    to: 'pragma synchronous=off;',
  },
  {
    name: 'a failed fsync is like any other error',
    suite: 'store',
    file: 'server/internal/sqlstore/broken.go',
    from: 'if errors.Is(err, sqlite3.IOERR_FSYNC) ||',
    to: 'if false &&',
  },
  {
    name: "the client's gap check",
    suite: 'client',
    file: 'shared/client/syncer_events.go',
    from: 'case m.Rev == r.Rev+1:',
    to: 'case m.Rev > r.Rev:',
  },
  {
    name: 'who left stays in the delivery',
    suite: 'hub',
    file: 'server/internal/hub/room.go',
    from: 'if _, here := r.members[id]; here {\n\t\t\ttold += r.remove(id)',
    to: 'if m, here := r.members[id]; here {\n\t\t\ttold += m.person.push(removedEnvelope(r.uuid))',
  },
  {
    name: 'who joins hears of what was before',
    suite: 'hub',
    file: 'server/internal/hub/room.go',
    from: 'if m.since >= e.Rev || id == e.Except {',
    to: 'if id == e.Except {',
  },
  {
    name: 'who left a room still gets into it',
    suite: 'matrix',
    file: 'server/internal/sqlstore/room.go',
    from: ' where r.room_uuid = ?\n   and `+presentRoom, userID, roomUUID)',
    to: ' where r.room_uuid = ?`, userID, roomUUID)',
  },
  {
    name: "anyone sees others' devices",
    suite: 'matrix',
    file: 'server/internal/auth/sessions.go',
    from: 'if !actor.IsAdmin() {\n\t\treturn nil, errs.E(wire.Forbidden, "", resetMayNot)\n\t}\n\treturn s.sessionsOf(ctx, userUUID)',
    to: 'return s.sessionsOf(ctx, userUUID)',
  },
  {
    name: 'a disabled account keeps its session',
    suite: 'matrix',
    file: 'server/internal/auth/live.go',
    from: 'e.live.Revoked || e.live.State != wire.UserActive || e.live',
    to: 'e.live.Revoked || e.live',
  },
  {
    name: 'no sweep',
    suite: 'hub',
    file: 'server/internal/hub/sweep.go',
    from: '\tif len(behind) == 0 {',
    to: '\tif len(behind) >= 0 {',
  },
  {
    name: 'acknowledged before the commit',
    suite: 'kill-9',
    file: 'server/internal/sqlstore/append.go',
    from: 'err = b.db.write(ctx, "append", func(tx *sql.Tx) error { return b.run(ctx, tx) })',
    to: `own := context.WithoutCancel(ctx)
		var tx *sql.Tx
		if tx, err = b.db.writer.BeginTx(own, nil); err == nil {
			if err = b.run(own, tx); err != nil {
				_ = tx.Rollback()
			} else {
				go func() {
					<-time.After(20 * time.Millisecond)
					_ = tx.Commit()
				}()
			}
		}`,
    imports: 'time',
  },
];

/** Runs a command to its end; returns its exit code and all that it printed. */
function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** Go tests: red are those that failed. What does not build is no proof. */
function goTests(module, pkg, pattern, ...flags) {
  return async (overlay) => {
    const args = ['test', '-count=1', ...overlay, '-run', pattern, pkg, ...flags];
    const { code, output } = await run('go', args, join(root, module));
    if (/\[(build|setup) failed\]|no tests to run/.test(output) || (code !== 0 && !output.includes('--- FAIL'))) {
      throw new Error(`go ${args.join(' ')} could not be run:\n${output}`);
    }
    return [...output.matchAll(/^\s*--- FAIL: (\S+)/gm)].map(([, name]) => name);
  };
}

/** A row of the faults, on SQLite: red is what the judge counted. A run that could not be judged is no proof. */
function faultRow(name) {
  return async (overlay, work) => {
    const server = join(work, 'himsg-server');
    const built = await run('go', ['build', ...overlay, '-o', server, './cmd/himsg-server'], join(root, 'server'));
    if (built.code !== 0) throw new Error(`the server does not build:\n${built.output}`);
    const out = join(work, 'rows.json');
    const args = ['faults', '--server-bin', server, '--short', '--fault', name, '--database', 'sqlite', '--out', out];
    const { output } = await run(join(root, 'bin/himsg-bench'), args, root);
    const [row] = JSON.parse(readFileSync(out, 'utf8')).rows;
    if (row.failed || row.impossible) throw new Error(`the fault ${name} could not be judged:\n${output}`);
    return ['lost', 'duplicated', 'reordered', 'gaps', 'differing']
      .filter((count) => row[count] > 0)
      .map((count) => `${name}: ${row[count]} ${count}`);
  };
}

/** Writes the changed copy of a mutation's file and returns the flags that make Go build with it. */
function overlayOf({ name, file, from, to, imports }, work) {
  const path = join(root, file);
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2) {
    throw new Error(`${file} has the code of '${name}' ${parts.length - 1} times, not once: it has changed, so mend the mutation`);
  }
  const copy = join(work, basename(file));
  const body = parts.join(to);
  writeFileSync(copy, imports ? body.replace('import (', `import (\n\t"${imports}"`) : body);
  writeFileSync(join(work, 'overlay.json'), JSON.stringify({ Replace: { [path]: copy } }));
  return ['-overlay', join(work, 'overlay.json')];
}

/** Runs a suite in a directory of its own and returns what went red, and the seconds that it took. */
async function check(suite, mutation) {
  const work = mkdtempSync(join(tmpdir(), 'himsg-mutation-'));
  const started = Date.now();
  try {
    mkdirSync(work, { recursive: true });
    const red = await suites[suite](mutation ? overlayOf(mutation, work) : [], work);
    return { red, seconds: (Date.now() - started) / 1000 };
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function main(args) {
  const names = args.filter((arg) => arg !== '--look');
  const chosen = mutations.filter(({ name }) => names.length === 0 || names.includes(name));
  if (chosen.length === 0) throw new Error(`no such mutation; there are: ${mutations.map(({ name }) => name).join('; ')}`);
  for (const mutation of chosen) { // before anything takes time
    const work = mkdtempSync(join(tmpdir(), 'himsg-mutation-'));
    try {
      overlayOf(mutation, work);
    } finally {
      rmSync(work, { recursive: true });
    }
  }
  if (args.includes('--look')) return 0;
  for (const suite of new Set(chosen.map(({ suite }) => suite))) {
    const { red, seconds } = await check(suite);
    if (red.length > 0) throw new Error(`${suite} is red without any mutation: ${red.join(', ')}`);
    console.log(`${suite} is green on the sound code, ${seconds.toFixed(0)} s`);
  }
  let survived = 0;
  const width = Math.max(...chosen.map(({ name }) => name.length));
  console.log(`\n${'mutation'.padEnd(width)}  seconds  what went red`);
  for (const mutation of chosen) {
    const { red, seconds } = await check(mutation.suite, mutation);
    if (red.length === 0) survived++;
    const what = red.length > 0 ? red.slice(0, 3).join(', ') + (red.length > 3 ? ` and ${red.length - 3} more` : '') : 'NOTHING';
    console.log(`${mutation.name.padEnd(width)}  ${seconds.toFixed(0).padStart(7)}  ${what}`);
  }
  console.log(`\n${chosen.length - survived} found, ${survived} survived`);
  return survived > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
