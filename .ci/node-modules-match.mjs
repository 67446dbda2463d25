// Exits 0 when frontend/node_modules holds the versions that frontend/package-lock.json asks for. Run in frontend/.
// npm leaves its own record of what it installed in node_modules/.package-lock.json; comparing with that, and not file
// times, survives `git checkout` and another `npm install`.
import { readFileSync } from 'node:fs';

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

const wanted = packagesOf('package-lock.json');
const installed = packagesOf('node_modules/.package-lock.json');
if (!wanted || !installed) process.exit(1);

for (const [path, { version, optional, devOptional, peer }] of Object.entries(wanted)) {
  if (path === '') continue; // the project itself
  const there = installed[path];
  if (there ? there.version !== version : !(optional || devOptional || peer)) process.exit(1);
}
