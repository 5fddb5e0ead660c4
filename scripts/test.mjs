import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './build.mjs';
import { reportTests, runJest, startTestServices } from './jest-on-services.mjs';
import { checkNode, installPackages, run, tell } from './set-up.mjs';

const require = createRequire(import.meta.url);

/** `npm test`: types, lint and every jest project but `postgres` against real services; `npm test -- tests/core` narrows jest alone. */
await tell(async () => {
  checkNode();
  await installPackages();
  await build();
  const services = await startTestServices();
  try {
    const checks = await runChecks();
    const tests = await runJest(services.env, [...process.argv.slice(2), '--ignoreProjects', 'postgres', 'servers']);
    return report(checks, tests);
  } finally {
    await services.stop();
  }
});

async function runChecks() {
  const types = await check('types', ['typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.test.json']);
  const lint = await check('lint', ['eslint/package.json', '.'], 'bin/eslint.js');
  return [types, lint];
}

async function check(name, [entry, ...args], program) {
  console.error(`${name}: checking`);
  const file = program === undefined ? require.resolve(entry) : join(require.resolve(entry), '..', program);
  return { name, ok: (await run(process.execPath, [file, ...args])) === 0 };
}

// Failed checks are added to the failures: "0 failed" must never stand above code that does not compile.
function report(checks, tests) {
  for (const { name, ok } of checks) console.log(`${name}: ${ok ? 'passed' : 'failed'}`);
  return reportTests({ ...tests, failed: tests.failed + checks.filter(({ ok }) => !ok).length });
}
