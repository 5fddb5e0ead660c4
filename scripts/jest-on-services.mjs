import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, run } from './set-up.mjs';

const require = createRequire(import.meta.url);
/** A home of its own: tests never touch the user's campaigns, graph or records. */
export const testHome = join(root, '.hardgen', 'test');

/** Temporal and Neo4j for tests: the environment that names them, and how to stop what was started here. */
export async function startTestServices() {
  const { loadConfig } = require('../dist/config');
  const { ensureServices, findServices, stopServices } = require('../dist/services');
  const config = loadConfig({ ...process.env, HARDGEN_HOME: testHome });
  const before = Object.keys(await findServices(config));
  const say = (event) => console.error(`${event.service} ${event.phase}: ${event.detail}`);
  const { temporal, neo4j } = await ensureServices(config, say);
  return {
    config,
    env: {
      ...process.env, HARDGEN_HOME: testHome, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace,
      HARDGEN_NEO4J_URI: neo4j.uri, HARDGEN_NEO4J_USER: neo4j.user, HARDGEN_NEO4J_PASSWORD: neo4j.password,
    },
    // What ran before we came stays: someone works with it.
    stop: async () => (before.length === 0 ? await stopServices(config) : undefined),
  };
}

/** Jest's own counts; a suite that could not even be loaded counts as one failure, and so does a jest that wrote no result. */
export async function runJest(env, args) {
  mkdirSync(testHome, { recursive: true });
  const output = join(testHome, 'jest.json');
  rmSync(output, { force: true });
  const code = await run(process.execPath, [join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js'), '--json', `--outputFile=${output}`, ...args], env);
  if (!existsSync(output)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(output, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: result.numPendingTests };
}

/** The last line says how many passed and failed, and the exit code is 0 only when none failed. */
export function reportTests({ passed, failed, skipped }) {
  if (skipped > 0) console.log(`skipped: ${skipped}`);
  process.on('exit', () => console.log(`Tests: ${passed} passed, ${failed} failed`));
  return failed === 0 ? 0 : 1;
}
