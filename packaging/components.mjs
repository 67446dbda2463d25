// What is in the app and in the server that others made: their licences as one text, and a CycloneDX list (SBOM).
//
//   node packaging/components.mjs app|server DIR     writes DIR/licenses.txt, DIR/sbom.cdx.json and DIR/licenses.json.gz
//
// The last is what the app shows in its settings; desktop/internal/licence embeds it.
//
// Go modules are those that the linker takes, on all systems that we build for or on $SYSTEMS; npm packages are those that package-lock.json
// has for the page. It fails on a component without a licence text and on a licence that is not in `allowed`, so that nothing
// gets into a release unseen. The same inputs give the same bytes: the time is SOURCE_DATE_EPOCH.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const [what, out] = process.argv.slice(2);
const products = {
  app: { name: 'himsg', dir: 'desktop', target: '.', tags: 'desktop,production,webkit2_41', systems: ['linux', 'windows'], page: true },
  server: { name: 'himsg-server', dir: 'server', target: './cmd/himsg-server', tags: '', systems: ['linux', 'windows'], page: false },
};
const product = products[what];
if (!product || !out) {
  console.error('usage: node packaging/components.mjs app|server DIR');
  process.exit(2);
}

// Licences whose terms a list of texts beside the program fulfils.
const allowed = new Set([
  'Apache-2.0', 'MIT', 'MIT-0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'Unlicense', 'Zlib', 'OFL-1.1', 'CC-BY-4.0', 'MPL-2.0',
]);

// How a text begins to be one of them; the first that fits. Go modules don't say their licence otherwise.
const marks = [
  ['Apache-2.0', /Apache License,? Version 2\.0/],
  ['MPL-2.0', /Mozilla Public License,? (Version|v\.?) ?2\.0/i],
  ['OFL-1.1', /SIL OPEN FONT LICENSE Version 1\.1/i],
  ['CC-BY-4.0', /Attribution 4\.0 International/],
  ['Unlicense', /This is free and unencumbered software released into the public domain/],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose with or without fee/],
  ['MIT-0', /MIT No Attribution/],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining a copy/],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms[^]*(Neither the name|The names? of)/],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/],
  ['Zlib', /This software is provided 'as-is', without any express or implied/],
];

const isLicence = /^(licen[cs]e|copying|notice|patents)([-.].*)?$/i;

/** texts reads the licence files of a folder, by name; [] when it has none. */
function texts(dir) {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isLicence.test(entry.name) && !/\.(go|js|ts)$/.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readFileSync(join(dir, name), 'utf8').replaceAll('\r\n', '\n').replace(/^\uFEFF/, '').trimEnd());
}

function recognised(found) {
  for (const lines of found) {
    const text = lines.replace(/\s+/g, ' ');
    const mark = marks.find(([, pattern]) => pattern.test(text));
    if (mark) return mark[0];
  }
  return undefined;
}

function goComponents() {
  const modules = new Map();
  for (const system of process.env.SYSTEMS?.split(' ') ?? product.systems) {
    const listed = execFileSync(
      'go',
      ['list', '-deps', '-tags', product.tags, '-f', '{{with .Module}}{{if .Version}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{.Sum}}{{end}}{{end}}', product.target],
      {
        cwd: join(root, product.dir), encoding: 'utf8', maxBuffer: 64 << 20,
        env: { ...process.env, GOOS: system, GOARCH: 'amd64', CGO_ENABLED: system !== 'windows' && what === 'app' ? '1' : '0' },
      },
    );
    for (const line of listed.split('\n').filter(Boolean)) {
      const [name, version, dir] = line.split('\t');
      modules.set(name, { name, version, dir });
    }
  }
  const goRoot = execFileSync('go', ['env', 'GOROOT', 'GOVERSION'], { encoding: 'utf8', cwd: join(root, product.dir) }).split('\n');
  const std = { name: 'std', version: goRoot[1].replace(/^go/, ''), dir: goRoot[0] };
  return [std, ...modules.values()].map(({ name, version, dir }) => {
    const found = texts(dir);
    return { kind: 'Go', name, version, purl: `pkg:golang/${name}@${version}`, licence: recognised(found), texts: found };
  });
}

// Packages whose folder has no licence file of its own, and packages of which only data gets into the page.
const fontTexts = { pretendard: 'frontend/public/licenses/pretendard.txt' };
const dataOf = ['node_modules/emojibase-data'];

function npmComponents() {
  const lock = JSON.parse(readFileSync(join(root, 'frontend/package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.peer && (!entry.dev || dataOf.includes(path)))
    .map(([path, entry]) => {
      const dir = join(root, 'frontend', path);
      const info = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
      let found = texts(dir);
      if (found.length === 0 && fontTexts[info.name]) found = [readFileSync(join(root, fontTexts[info.name]), 'utf8').trimEnd()];
      return {
        kind: 'npm', name: info.name, version: entry.version,
        purl: `pkg:npm/${info.name.replace('@', '%40')}@${entry.version}`,
        licence: typeof info.license === 'string' && allowed.has(info.license) ? info.license : recognised(found) ?? info.license,
        texts: found, author: typeof info.author === 'string' ? info.author : info.author?.name,
      };
    });
}

/** supplied gives packages that ship without the text of the licence they name that licence's text, with who made them. */
function supplied(component) {
  if (component.texts.length > 0 || !component.licence) return component;
  const by = component.author ? `Copyright (c) ${component.author}\n\n` : '';
  const file = join(root, 'packaging/licenses', `${component.licence}.txt`);
  return existsSync(file) ? { ...component, texts: [by + readFileSync(file, 'utf8').trimEnd()] } : component;
}

const byName = (a, b) => (a.kind + a.name < b.kind + b.name ? -1 : 1);
const components = [...goComponents(), ...(product.page ? npmComponents() : [])].map(supplied).sort(byName);

const bad = components.filter((c) => c.texts.length === 0 || !allowed.has(c.licence));
if (bad.length > 0) {
  for (const c of bad) console.error(`components: ${c.kind} ${c.name} ${c.version}: licence ${c.licence ?? 'unknown'}, ${c.texts.length} texts`);
  process.exit(1);
}

const release = process.env.VERSION ?? /Version = "([^"]+)"/.exec(readFileSync(join(root, 'shared/release/release.go'), 'utf8'))[1];
const at = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString().replace('.000', '');

// Components that have the very same text stand above one copy of it.
const groups = new Map();
for (const c of components) {
  const text = c.texts.join('\n\n');
  if (!groups.has(text)) groups.set(text, []);
  groups.get(text).push(c);
}
const shown = {
  components: components.map((c) => ({
    name: c.name === 'std' ? 'Go' : c.name, version: c.version, licence: c.licence, text: [...groups.keys()].indexOf(c.texts.join('\n\n')),
  })),
  texts: [...groups.keys()],
};
const rule = '-'.repeat(100);
const licences = [
  `${product.name} ${release} contains these works of others, under the licences that follow.`,
  ...[...groups].map(([text, of]) => [rule, ...of.map((c) => `${c.name} ${c.version} (${c.licence})`), '', text].join('\n')),
].join('\n\n');

const body = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    timestamp: at,
    component: { type: 'application', 'bom-ref': product.name, name: product.name, version: release, licenses: [{ license: { id: 'Apache-2.0' } }] },
  },
  components: components.map((c) => ({
    type: 'library', 'bom-ref': c.purl, name: c.name, version: c.version, purl: c.purl, licenses: [{ license: { id: c.licence } }],
  })),
  dependencies: [{ ref: product.name, dependsOn: components.map((c) => c.purl) }],
};
// A name for this list, which is another one as soon as anything in it is.
const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
const serial = `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
const { bomFormat, specVersion, ...rest } = body;

mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'licenses.txt'), `${licences}\n`);
writeFileSync(join(out, 'sbom.cdx.json'), `${JSON.stringify({ bomFormat, specVersion, serialNumber: serial, ...rest }, null, 2)}\n`);
writeFileSync(join(out, 'licenses.json.gz'), gzipSync(JSON.stringify(shown), { level: 9 }));
console.log(`components: ${product.name}: ${components.length}, ${groups.size} texts`);
