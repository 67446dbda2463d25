// Looks at the handbooks: node .ci/docs.mjs
//
// - Every link within the repository leads somewhere, to a heading too where it names one; every picture is there, and used.
// - Each handbook is there in Korean and English, and the two name each other.
// - What stands **bold** in a handbook are the app's own words, and so are the “…” that head the symptoms of docs/it/trouble; a heading
//   of it in `code` is what the server says. Words that the code does not have any more fail.
// - The table of faults (docs/desktop-faults.md) names tests that there are, and quotes what the app says.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const faults = [];

/** All files below a folder whose names end so. */
function below(folder, end, leave = /node_modules|\.test\.|_test\.go$/) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (leave.test(path)) return [];
    if (entry.isDirectory()) return below(path, end, leave);
    return end.test(entry.name) ? [path] : [];
  });
}

const read = (path) => readFileSync(join(root, path), 'utf8');
const fault = (path, text) => faults.push(`${path}: ${text}`);
const withoutCode = (text) => text.replace(/^(?: {4}|\t).*$/gm, '').replace(/`[^`\n]*`/g, '');

/** The name that GitHub gives a heading. */
function anchor(heading) {
  const words = heading.replace(/[`*]/g, '').trim().toLowerCase();
  return words.replace(/[^\p{L}\p{M}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

const pages = ['README.md', 'README.ko.md', 'CHANGELOG.md', ...below('docs', /\.md$/)];
const texts = new Map(pages.map((page) => [page, read(page)]));
const anchors = new Map(
  [...texts].map(([page, text]) => [page, new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading)))]),
);

const used = new Set();
for (const [page, text] of texts) {
  for (const [, link] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [file, place] = link.split('#');
    const target = file === '' ? page : relative(root, resolve(root, dirname(page), file));
    if (target.startsWith('..') || !existsSync(join(root, target))) fault(page, `nothing is at ${link}`);
    else if (place !== undefined && !anchors.get(target)?.has(decodeURIComponent(place))) fault(page, `no heading for ${link}`);
    used.add(target);
  }
}
for (const picture of below('docs/images', /\.png$/)) {
  if (!used.has(picture)) fault(picture, 'no page shows it');
  if (statSync(join(root, picture)).size > 80 << 10 && picture !== 'docs/images/app.png') fault(picture, 'is larger than 80 KiB');
}

/** The handbooks: those of docs itself that have a Korean half, and all of docs/it. */
const handbooks = pages.filter((page) => page.startsWith('docs/it/') || (dirname(page) === 'docs' && texts.has(page.replace(/(\.ko)?\.md$/, '.ko.md'))));
for (const page of handbooks) {
  const other = page.endsWith('.ko.md') ? page.replace('.ko.md', '.md') : page.replace('.md', '.ko.md');
  if (!texts.has(other)) fault(page, `${other} is missing`);
  else if (!texts.get(page).includes(`](${basename(other)})`)) fault(page, `does not name ${other}`);
}

/** What the app says in a language, each text as an expression: what it fills in can be anything. */
function sayings(language) {
  const all = [];
  const collect = (value) => {
    if (typeof value === 'string') all.push(value);
    else Object.values(value).forEach(collect);
  };
  for (const file of below(`frontend/src/i18n/${language}`, /\.json$/)) collect(JSON.parse(read(file)));
  const plain = new Set(all.filter((text) => !/\{\{|\$t\(/.test(text)));
  const filled = all
    .filter((text) => /\{\{|\$t\(/.test(text))
    .map((text) => text.split(/\$t\(.*?\}\s*\)|\{\{.*?\}\}/))
    .filter((parts) => parts.join('').replace(/\P{L}/gu, '').length > 1) // others would let anything pass
    .map((parts) => parts.map(quoted).join('.*'));
  return { plain, whole: all.join('\n'), filled: new RegExp(`^(?:${filled.join('|')})$`, 's') };
}

const quoted = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const said = { ko: sayings('ko'), en: sayings('en') };
const code = ['server', 'desktop', 'shared'].flatMap((folder) => below(folder, /\.go$/)).map(read).join('\n').replaceAll('\\"', '"');

for (const page of handbooks.filter((one) => /\/(employees|admins|trouble)\./.test(one))) {
  const { plain, whole, filled } = said[page.endsWith('.ko.md') ? 'ko' : 'en'];
  const text = texts.get(page);
  for (const [all, words, after] of withoutCode(text).matchAll(/\*\*(.+?)\*\*(.?)/g)) {
    if (!plain.has(words) && !filled.test(words)) fault(page, `the app does not say “${words}”`);
    if (/[^\p{L}\p{N}\s]$/u.test(words) && /[\p{L}\p{N}]/u.test(after)) fault(page, `${all} is not shown bold: a blank behind it`);
  }
  if (!page.includes('trouble')) continue;
  for (const [, heading] of text.matchAll(/^### (.*)$/gm)) {
    for (const [, quote, program] of heading.matchAll(/“(.+?)”|`(.+?)`/g)) {
      for (const part of (quote ?? program).split('…')) {
        if (!code.includes(part.trim()) && !(quote && whole.includes(part.trim()))) fault(page, `nobody says “${part.trim()}”`);
      }
    }
  }
}

const table = 'docs/desktop-faults.md';
const tests = new Set(
  below('desktop', /_test\.go$/, /node_modules/).flatMap((path) => [...read(path).matchAll(/^func (Test\w+)\(/gm)].map(([, name]) => name)),
);
for (const [, name] of texts.get(table).matchAll(/\b(Test[A-Z]\w*)/g)) if (!tests.has(name)) fault(table, `there is no ${name}`);
for (const [, quote] of texts.get(table).matchAll(/“(.+?)”/g)) {
  for (const part of quote.split(/…|(?<=\.) /)) {
    if (!code.includes(part.trim()) && !said.ko.whole.includes(part.trim())) fault(table, `nobody says “${part.trim()}”`);
  }
}

for (const one of faults) console.error(one);
console.log(`docs: ${pages.length} pages, ${handbooks.length} of them handbooks, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
