import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './build.mjs';
import { checkNode, installPackages, root, run, tell } from './set-up.mjs';

const require = createRequire(import.meta.url);
// A home of its own: tests never touch the user's campaigns, graph or records.
const home = join(root, '.hardgen', 'test');

/** `npm test`: types, lint and every jest project against real services; `npm test -- tests/core` narrows jest alone. */
await tell(async () => {
  checkNode();
  await installPackages();
  await build();
  const services = await startServices();
  try {
    const checks = await runChecks();
    const tests = await runJest(services.env);
    return report(checks, tests);
  } finally {
    await services.stop();
  }
});

async function startServices() {
  const { loadConfig } = require('../dist/config');
  const { ensureServices, findServices, stopServices } = require('../dist/services');
  const config = loadConfig({ ...process.env, HARDGEN_HOME: home });
  const before = Object.keys(await findServices(config));
  const say = (event) => console.error(`${event.service} ${event.phase}: ${event.detail}`);
  const { temporal, neo4j } = await ensureServices(config, say);
  return {
    env: {
      ...process.env, HARDGEN_HOME: home, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace,
      HARDGEN_NEO4J_URI: neo4j.uri, HARDGEN_NEO4J_USER: neo4j.user, HARDGEN_NEO4J_PASSWORD: neo4j.password,
    },
    // What ran before we came stays: someone works with it.
    stop: async () => (before.length === 0 ? await stopServices(config) : undefined),
  };
}

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

/** Jest's own counts; a suite that could not even be loaded counts as one failure, and so does a jest that wrote no result. */
async function runJest(env) {
  mkdirSync(home, { recursive: true });
  const output = join(home, 'jest.json');
  rmSync(output, { force: true });
  const code = await run(process.execPath, [join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js'), '--json', `--outputFile=${output}`, ...process.argv.slice(2)], env);
  if (!existsSync(output)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(output, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: result.numPendingTests };
}

// Failed checks are added to the failures: "0 failed" must never stand above code that does not compile.
function report(checks, tests) {
  const failedChecks = checks.filter(({ ok }) => !ok);
  for (const { name, ok } of checks) console.log(`${name}: ${ok ? 'passed' : 'failed'}`);
  if (tests.skipped > 0) console.log(`skipped: ${tests.skipped}`);
  const failed = tests.failed + failedChecks.length;
  process.on('exit', () => console.log(`Tests: ${tests.passed} passed, ${failed} failed`));
  return failed === 0 ? 0 : 1;
}
