import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './set-up.mjs';

/**
 * Adds to package-lock.json the binaries for other platforms that `npm install` left out. A registry mirror that serves only
 * its own platform makes npm drop them, and `npm ci` then refuses the file everywhere. Run it after every change of packages.
 */
const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, owner]) =>
  Object.entries(owner.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => [`node_modules/${name}`, entryOf({ name, version, owner })]),
);
lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) => a.localeCompare(b, 'en')));
if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} packages for other platforms added`);

/** A package is found in the folder of its user, or in any above. */
function isLocked(path, name) {
  const folders = path.split('/node_modules/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/node_modules/'));
  return ['', ...folders].some((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages);
}

// `@swc/core-linux-arm-gnueabihf` → linux, arm: names of such packages end in system, processor and perhaps libc.
function entryOf({ name, version, owner }) {
  const [, system, processor] = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)/.exec(name) ?? [];
  if (system === undefined) throw new Error(`Expected the name of an optional package to end in system and processor, got \`${name}\`; add it to package-lock.json by hand`);
  return { version, cpu: [processor], ...(owner.dev === true ? { dev: true } : {}), optional: true, os: [system] };
}
