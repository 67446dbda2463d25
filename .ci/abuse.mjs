// Lets independent tools loose on a running server: node .ci/abuse.mjs [sqlmap|wapiti|slowhttp|tls|promises|fuzz]…
//
//   sqlmap   every route of the OpenAPI document, every parameter and every field of a body, as an owner who is signed in; then
//            those that search, filter and sign in once more on MariaDB
//   wapiti   every route that is read, with its parameters
//   slowhttp a thousand connections that send or read slowly, while somebody else goes on working
//   tls      what sslscan thinks of the encrypted port
//   promises the tests of security that measure something, with their figures
//   fuzz     every fuzz target, 20 s each; CI runs only their seeds. FUZZ=10m goes on for longer. What is found stays as a seed
//
// DB=mariadb has all of it run on a MariaDB that is started for it, DB=sqlite all of it on SQLite.
// ROUTES='admin/(access|holds)' tries only routes whose names are like that: sqlmap needs most of an hour for all of them.
//
// The server is a demo company in a directory that goes away afterwards. The run fails when a tool finds something, when the
// server answers 5xx to anything, or when others wait too long. What the tools write is kept in bench/abuse/.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'bench/abuse');
const binary = join(root, 'bin/himsg-server');
const password = 'abuse-me-if-you-can-42';
const exec = promisify(execFile);
const say = (text) => console.log(`abuse: ${text}`);

const database = process.env.DB ?? '';
if (!['', 'sqlite', 'mariadb'].includes(database)) throw new Error(`no database '${database}'; there are: sqlite, mariadb`);

/** A demo company that is being served; flags go to `serve`. Its database is what DB says, SQLite without it. */
async function startServer(work, name, ...flags) {
  return startServerOn(database || 'sqlite', work, name, ...flags);
}

async function startServerOn(kind, work, name, ...flags) {
  const data = join(work, name);
  const maria = kind === 'mariadb' ? await startMariaDB(work, name) : undefined;
  const store = ['--data', data, ...(maria ? ['--database', maria.url] : [])];
  try {
    const filling = spawn(binary, ['demo', ...store, '--people', '30', '--messages', '500', '--password-stdin'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    filling.stdin.end(`${password}\n`);
    const [code] = await once(filling, 'close');
    if (code !== 0) throw new Error('the demo company could not be made');
    const logFile = join(out, `${name}.log`);
    const log = createWriteStream(logFile);
    const args = ['serve', ...store, '--listen', '127.0.0.1:0', '--log-format', 'json', ...flags];
    const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.pipe(log);
    const ended = once(log, 'close');
    return {
      port: await portOf(child, logFile),
      logFile,
      pid: child.pid,
      stop: async () => {
        child.kill('SIGTERM');
        await ended;
        await maria?.stop();
      },
    };
  } catch (error) {
    await maria?.stop();
    throw error;
  }
}

/** A MariaDB of its own, on a socket in a directory that goes away, with an empty database. */
async function startMariaDB(work, name) {
  const dir = join(work, `${name}-db`);
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  const own = [`--datadir=${join(dir, 'data')}`, `--tmpdir=${join(dir, 'tmp')}`, ...(process.getuid() === 0 ? ['--user=root'] : [])];
  await exec('mariadb-install-db', ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve', ...own]);
  const socket = join(dir, 'db.sock');
  const settings = ['--no-defaults', '--skip-networking', '--skip-log-bin', '--skip-name-resolve', '--innodb-snapshot-isolation=ON'];
  // Debian keeps it where only root's PATH looks.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const child = spawn('mariadbd', [...settings, `--socket=${socket}`, `--pid-file=${join(dir, 'pid')}`, ...own], { stdio: 'ignore', env });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (let left = 300; ; left--) {
    try {
      await exec('mariadb', ['--no-defaults', '--user=root', `--socket=${socket}`, '--execute=create database himsg'], { env });
      return { url: `mysql://root@unix(${socket})/himsg`, stop };
    } catch (error) {
      if (left > 0 && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        continue;
      }
      await stop();
      throw new Error(`MariaDB does not start: ${error.message}`);
    }
  }
}

/** The port that the server says it listens on. */
function portOf(child, logFile) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (data) => {
      text += data;
      const found = /"addr":"127\.0\.0\.1:(\d+)"/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    child.on('close', () => reject(new Error(`the server does not start; see ${logFile}`)));
  });
}

async function call(port, method, path, token, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Signs one of the demo company in; the first is the owner. */
async function signIn(port, username = 'demo00001') {
  return (await call(port, 'POST', '/api/login', '', { username, password })).token;
}

// --- what is asked ----------------------------------------------------------------------------------------------------

/**
 * Things of the company that parameters can name: what a route is about must be there, or it answers 404 before it looks at the
 * rest. The owner asks to read a room, and a second person lets him.
 */
async function things(port, token) {
  const [people, rooms] = [await call(port, 'GET', '/api/users', token), await call(port, 'GET', '/api/chat-rooms', token)];
  const [other, room_uuid] = [people.at(-1), rooms[0].room_uuid ?? rooms[0].uuid];
  const second = people.find((one) => one.username === 'demo00002');
  await call(port, 'PUT', `/api/admin/users/${second.uuid}/role`, token, { role: 'auditor', reason: 'x' });
  const period = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
  const subject = { subject_kind: 'room', subject_uuid: room_uuid, reason: 'x' };
  const { access_uuid } = await call(port, 'POST', '/api/admin/access-requests', token, { ...subject, ...period });
  await call(port, 'PUT', `/api/admin/access-requests/${access_uuid}/approve`, await signIn(port, 'demo00002'));
  const { hold_uuid } = await call(port, 'POST', '/api/admin/holds', token, subject);
  const notice_uuid = '11111111-1111-4111-8111-111111111111';
  await call(port, 'POST', '/api/admin/notices', token, { notice_uuid, title: 'x', text: 'x', confirm: true, department_uuids: [] });
  const { department_uuid } = (await call(port, 'POST', '/api/admin/departments', token, { name: 'x' })).department;
  const known = { user_uuid: other.uuid, other_uuid: other.uuid, receiver_uuid: other.uuid, room_uuid, subject_uuid: room_uuid };
  return { ...known, access_uuid, hold_uuid, notice_uuid, department_uuid, move_to: nothing, q: 'xx', ...period };
}

/** Which routes are tried; all, unless ROUTES says what their names are like. */
const only = new RegExp(process.env.ROUTES ?? '');

const nothing = '00000000-0000-4000-8000-000000000000';

function exampleOf(name, schema, document, known, mark) {
  if (schema.$ref) return exampleOf(name, document.components.schemas[schema.$ref.split('/').at(-1)], document, known, mark);
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => key !== '$schema')
          .map(([key, value]) => [key, exampleOf(key, value, document, known, mark)]),
      );
    case 'array':
      return [exampleOf(name.replace(/s$/, ''), schema.items, document, known, mark)];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
  }
  if (schema.format === 'date-time' && !known[name]) return `2030-01-01T00:00:00.000Z${mark}`;
  return `${known[name] ?? schema.enum?.[0] ?? (/uuid|_id$/.test(name) ? nothing : 'x')}${mark}`;
}

/** Every route as a request: method, path with query, body. What sqlmap is to try bears a mark. */
function requestsOf(document, known, mark) {
  const list = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [verb, operation] of Object.entries(operations)) {
      const body = operation.requestBody?.content;
      if (body && !body['application/json']) continue; // bytes of files: the hostile tables of the tests try them
      if (/^\/api\/(logout|sessions)$/.test(path) && verb !== 'get') continue; // would end the session that asks
      const parameters = operation.parameters ?? [];
      const value = (p) => `${encodeURIComponent(exampleOf(p.name, p.schema, document, known, ''))}${mark}`;
      let target = path;
      for (const p of parameters.filter((one) => one.in === 'path')) target = target.replace(`{${p.name}}`, value(p));
      const query = parameters.filter((one) => one.in === 'query').map((p) => `${p.name}=${value(p)}`);
      if (query.length > 0) target += `?${query.join('&')}`;
      const json = body && JSON.stringify(exampleOf('', body['application/json'].schema, document, known, mark));
      if (mark && !target.includes(mark) && !json?.includes(mark)) continue; // nothing to try
      list.push({ name: `${verb.toUpperCase()} ${path}`, method: verb.toUpperCase(), target, json });
    }
  }
  // What ends or deletes comes last, or the rest would find nothing.
  const last = ({ method, target }) => Number(method !== 'GET') + Number(method === 'DELETE' || /\/(delete|end|cancel|withdraw|disable)\b/.test(target));
  return list.filter(({ name }) => only.test(name)).sort((a, b) => last(a) - last(b));
}

// --- the tools --------------------------------------------------------------------------------------------------------

/** What puts together its question out of what it is asked, or looks a person up: tried on the other database too. */
const composed = /^POST \/api\/(login|register|password-reset\/request)$|^GET .*\/(audit|rooms|search|files|directory|sessions|notices|people)$/;

async function sqlmap(work) {
  if (database) return sqlmapOn(work, database);
  return [...(await sqlmapOn(work, 'sqlite')), ...(await sqlmapOn(work, 'mariadb', composed))];
}

async function sqlmapOn(work, kind, some = /./) {
  const server = await startServerOn(kind, work, `sqlmap-${kind}`, '--rate-limits', 'off');
  const findings = [];
  try {
    const document = await call(server.port, 'GET', '/api/openapi.json');
    const known = await things(server.port, await signIn(server.port));
    const list = requestsOf(document, known, '*').filter(({ name }) => some.test(name));
    say(`sqlmap tries ${list.length} routes on ${kind}`);
    const texts = join(out, `sqlmap-${kind}`);
    rmSync(texts, { recursive: true, force: true });
    mkdirSync(texts);
    const queue = list.entries();
    const worker = async () => {
      for (const [i, request] of queue) {
        const text = await oneSqlmap(work, server.port, i, request, kind);
        writeFileSync(join(texts, `${String(i).padStart(3, '0')}.txt`), `${request.name}\n${text}`);
        // What it suspects it tries to exploit; only what it could is listed by this word.
        if (/^Parameter: /m.test(text)) findings.push(`${request.name}\n${text}`);
        else if (!/do not appear to be injectable/.test(text)) findings.push(`${request.name} was not tried:\n${text.slice(-2000)}`);
      }
    };
    await Promise.all([worker(), worker()]);
    say(`sqlmap on ${kind}: ${list.length} routes, ${findings.length} findings`);
    if (list.length === 0) findings.push(`nothing was tried on ${kind}`);
  } finally {
    await server.stop();
  }
  writeFileSync(join(out, `sqlmap-${kind}.txt`), findings.join('\n\n'));
  return [...findings.map((one) => `sqlmap: ${one.split('\n')[0]}`), ...faultsIn(server.logFile)];
}

async function oneSqlmap(work, port, i, { method, target, json }, kind) {
  const token = await signIn(port); // a token lives ten minutes
  const file = join(work, `request-${kind}-${i}.txt`);
  const lines = [`${method} ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`];
  if (json) lines.push('Content-Type: application/json');
  writeFileSync(file, `${lines.join('\r\n')}\r\n\r\n${json ?? ''}`);
  const args = ['-r', file, '--batch', '--ignore-stdin', `--dbms=${kind}`, '--technique=BEUT', '--level=3', '--risk=2', '--time-sec=2', '--threads=2', '--disable-coloring'];
  args.push('--skip-waf', '--ignore-code=*', `--output-dir=${join(work, `sqlmap-${kind}-${i}`)}`, '--answers=quit=N,keep testing=Y');
  try {
    // /api/login takes longest: each of its some thousand tries is a password that is checked.
    return (await exec('sqlmap', args, { maxBuffer: 64 << 20, timeout: 40 * 60_000 })).stdout;
  } catch (error) {
    return `${error.stdout ?? ''}\n${error.message}`;
  }
}

async function wapiti(work) {
  const server = await startServer(work, 'wapiti', '--rate-limits', 'off');
  try {
    const token = await signIn(server.port);
    const document = await call(server.port, 'GET', '/api/openapi.json');
    const list = requestsOf(document, await things(server.port, token), '').filter(({ method }) => method === 'GET');
    say(`wapiti tries ${list.length} routes`);
    const report = join(out, 'wapiti.json');
    const base = `http://127.0.0.1:${server.port}`;
    const args = ['-u', `${base}/api/server`, '--scope', 'page', '-d', '1', '-H', `Authorization: Bearer ${token}`];
    for (const { target } of list) args.push('-s', base + target);
    args.push('-m', 'backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,xss,xxe');
    args.push('-f', 'json', '-o', report, '--flush-session', '--no-bugreport', '--max-attack-time', '240', '-v', '0');
    await exec('wapiti', args, { maxBuffer: 64 << 20, timeout: 9 * 60_000 });
    const { vulnerabilities, anomalies } = JSON.parse(readFileSync(report, 'utf8'));
    const found = Object.entries({ ...vulnerabilities, ...anomalies }).flatMap(([kind, ones]) =>
      ones.map((one) => `wapiti: ${kind}: ${one.method} ${one.path}: ${one.info}`),
    );
    say(`wapiti: ${list.length} routes, ${found.length} findings`);
    return [...found.filter((one) => !answered(one)), ...faultsIn(server.logFile)];
  } finally {
    await server.stop();
  }
}

/** What wapiti reports and is meant so; the reason stands beside it. */
const answers = [
  // It would speak for all ports of a host: what else a company serves there is not ours to decide.
  /Strict-Transport-Security is not set/,
  // frame-ancestors 'none' of our Content-Security-Policy says it to every browser that the app's web views are made of.
  /X-Frame-Options is not set/,
  // Browsers took the filter out again: it made holes of its own.
  /X-XSS-Protection is not set/,
];
const answered = (finding) => answers.some((one) => one.test(finding));

/** What the server itself calls an error. */
function faultsIn(logFile) {
  const errors = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"level":"ERROR"'));
  say(`the server logged ${errors.length} errors`);
  return errors.slice(0, 5).map((line) => `server: ${line.slice(0, 400)}`);
}

const connections = 1000;
const attackSeconds = 30;

async function slowhttp(work) {
  const server = await startServer(work, 'slowhttp');
  const findings = [];
  try {
    // Four people: one alone may ask 600 times a minute.
    const people = ['demo00003', 'demo00004', 'demo00005', 'demo00006'];
    const tokens = await Promise.all(people.map((one) => signIn(server.port, one)));
    const before = await others(server.port, tokens, 10);
    say(`others, before: ${describe(before)}`);
    const attacks = { 'slow headers': ['-H'], 'slow bodies': ['-B', '-f', 'application/json', '-s', '8192'], 'slow reading': ['-X', '-k', '3'] };
    for (const [name, flags] of Object.entries(attacks)) {
      const path = name === 'slow bodies' ? '/api/login' : '/api/openapi.json';
      const args = [...flags, '-c', connections, '-r', 200, '-i', 5, '-l', attackSeconds, '-p', 5, '-u', `http://127.0.0.1:${server.port}${path}`];
      const attack = exec('slowhttptest', args.map(String), { maxBuffer: 64 << 20 });
      const during = await others(server.port, tokens, attackSeconds - 2);
      const { stdout } = await attack;
      writeFileSync(join(out, `slowhttp-${name.replace(' ', '-')}.txt`), stdout);
      const ratio = during.p99 / before.p99;
      say(`others, ${name}: ${describe(during)}, p99 ${ratio.toFixed(1)} times (limit 5), server ${memoryOf(server.pid)} MiB`);
      if (during.failed > 0) findings.push(`slowhttp: ${name}: ${during.failed} requests of others failed`);
      if (ratio > 5) findings.push(`slowhttp: ${name}: others' p99 is ${ratio.toFixed(1)} times what it was`);
    }
  } finally {
    await server.stop();
  }
  return [...findings, ...faultsIn(server.logFile)];
}

const describe = ({ n, failed, why, p50, p99 }) =>
  `${n} requests, ${failed} failed${failed > 0 ? ` (${Object.entries(why).map((one) => one.join(': ')).join(', ')})` : ''}, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

/** People at another address who ask twenty times a second, each time over a connection of its own. */
async function others(port, tokens, seconds) {
  const times = [];
  const why = {};
  const waiting = [];
  for (const [end, i] = [Date.now() + seconds * 1000, { next: 0 }]; Date.now() < end; i.next++) {
    const began = performance.now();
    waiting.push(
      ask(port, tokens[i.next % tokens.length]).then(
        () => times.push(performance.now() - began),
        (error) => (why[error.message] = (why[error.message] ?? 0) + 1),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await Promise.all(waiting);
  times.sort((a, b) => a - b);
  const failed = Object.values(why).reduce((sum, one) => sum + one, 0);
  return { n: times.length, failed, why, p50: times[times.length >> 1] ?? Infinity, p99: times[Math.floor(times.length * 0.99)] ?? Infinity };
}

function ask(port, token) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/api/users/me', localAddress: '127.0.0.2', agent: false, timeout: 5000 };
    const request = httpGet({ ...options, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer')));
  });
}

function memoryOf(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}

async function tls(work) {
  const [cert, key] = [join(work, 'cert.pem'), join(work, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-keyout', key, '-out', cert];
  await exec('openssl', [...made, ...subject]);
  const server = await startServer(work, 'tls', '--tls-cert', cert, '--tls-key', key);
  try {
    const report = join(out, 'sslscan.xml');
    await exec('sslscan', ['--no-colour', `--xml=${report}`, `127.0.0.1:${server.port}`]);
    const xml = readFileSync(report, 'utf8');
    const found = [];
    for (const [, kind, version, on] of xml.matchAll(/<protocol type="(\w+)" version="([\d.]+)" enabled="(\d)"/g)) {
      if (on === '1' && (kind === 'ssl' || Number(version) < 1.2)) found.push(`tls: ${kind} ${version} is spoken`);
    }
    for (const [, strength, cipher] of xml.matchAll(/<cipher [^>]*strength="(\w+)" cipher="([^"]+)"/g)) {
      if (strength !== 'strong' && strength !== 'acceptable') found.push(`tls: ${cipher} is ${strength}`);
    }
    if (/<heartbleed [^>]*vulnerable="1"/.test(xml)) found.push('tls: heartbleed');
    if (/<compression supported="1"/.test(xml)) found.push('tls: compression');
    const versions = [...xml.matchAll(/<protocol type="tls" version="([\d.]+)" enabled="1"/g)].map(([, version]) => version);
    const ciphers = [...xml.matchAll(/<cipher [^>]*cipher="([^"]+)"/g)].length;
    say(`sslscan: TLS ${versions.join(', ')}, ${ciphers} ciphers, ${found.length} findings`);
    if (versions.length === 0) found.push('tls: nothing was spoken');
    return found;
  } finally {
    await server.stop();
  }
}

/** Tests that say what they measured: guessing, timing of known and unknown names, revocation, the matrix, the old holes. */
const measuring = {
  './internal/auth': 'TestGuessing|TestAGuesser|TestAThousandGuesses|TestUnknownNames|TestTwoHundredSignIns|TestBadAccessTokens',
  './internal/app': 'TestRevocationOf200Sockets|TestARequestT|TestNobodyElseSets|TestAuthorisationOf|TestWhatTheOriginalGotWrong',
};

async function promises() {
  const found = [];
  for (const [pkg, pattern] of Object.entries(measuring)) {
    const args = ['test', '-count=1', '-v', '-run', `^(${pattern})`, pkg];
    const env = { HIMSG_SAMPLES: '1000', ...process.env };
    const text = await exec('go', args, { cwd: join(root, 'server'), maxBuffer: 256 << 20, env }).then(
      ({ stdout }) => stdout,
      (error) => `${error.stdout}\n--- FAIL: ${pkg} (could not be run to its end)`,
    );
    writeFileSync(join(out, `promises-${pkg.split('/').at(-1)}.txt`), text);
    for (const [, line] of text.matchAll(/_test\.go:\d+: (.*(?:guesses|median|heap|sockets closed|cells).*)/g)) say(line);
    const failed = [...text.matchAll(/^--- FAIL: (.+)$/gm)].map(([, name]) => `promises: ${name}`);
    const passed = [...text.matchAll(/^--- PASS: /gm)].length;
    say(`${pkg}: ${passed} tests passed, ${failed.length} failed`);
    if (passed === 0) found.push(`promises: nothing was run in ${pkg}`);
    found.push(...failed);
  }
  return found;
}

const fuzzTime = process.env.FUZZ ?? '20s';
const modules = { shared: [], server: [], desktop: ['-tags', 'webkit2_41'] };

/** Runs each fuzz target for a while. Go keeps what made one fail beside its test: from then on it is a seed, and CI runs it. */
async function fuzz() {
  const found = [];
  let count = 0;
  for (const [module, tags] of Object.entries(modules)) {
    for (const file of readdirSync(join(root, module), { recursive: true }).filter((name) => name.endsWith('_test.go'))) {
      for (const [, target] of readFileSync(join(root, module, file), 'utf8').matchAll(/^func (Fuzz\w+)\(/gm)) {
        count++;
        const args = ['test', ...tags, '-run', '^$', '-fuzz', `^${target}$`, '-fuzztime', fuzzTime, '-parallel', '2', `./${dirname(file)}`];
        const text = await exec('go', args, { cwd: join(root, module), maxBuffer: 64 << 20 }).then(
          ({ stdout }) => stdout,
          (error) => `${error.stdout}\n${error.stderr}\nFAIL`,
        );
        writeFileSync(join(out, `fuzz-${target}.txt`), text);
        const tried = [...text.matchAll(/execs: (\d+)/g)].at(-1)?.[1] ?? 0;
        say(`${target}: ${tried} inputs in ${fuzzTime}`);
        if (!/^ok\s/m.test(text)) found.push(`fuzz: ${target}: see bench/abuse/fuzz-${target}.txt`);
        else if (Number(tried) === 0) found.push(`fuzz: ${target} tried nothing`);
      }
    }
  }
  say(`fuzz: ${count} targets, ${found.length} findings`);
  return found;
}

const tools = { tls, promises, fuzz, slowhttp, wapiti, sqlmap };

async function main(names) {
  const unknown = names.find((name) => !tools[name]);
  if (unknown) throw new Error(`no tool '${unknown}'; there are: ${Object.keys(tools).join(', ')}`);
  mkdirSync(out, { recursive: true });
  const findings = [];
  for (const name of names.length > 0 ? names : Object.keys(tools)) {
    const work = mkdtempSync(join(tmpdir(), 'himsg-abuse-'));
    const began = Date.now();
    try {
      findings.push(...(await tools[name](work)));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    say(`${name}: ${Math.round((Date.now() - began) / 1000)} s`);
  }
  for (const finding of findings) console.error(`abuse: FOUND ${finding}`);
  say(`${findings.length} findings`);
  return findings.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`abuse: ${error.message}`);
  process.exitCode = 2;
}
