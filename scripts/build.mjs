import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, installPackages, root, run, tell } from './set-up.mjs';

const dist = join(root, 'dist');
const schemaFile = join(root, 'campaign.schema.json');
const require = createRequire(import.meta.url);

/** Makes `dist` from `src` unless it was made from the same inputs; the stamp comes last, so that an interrupted build is made again. */
export async function build() {
  const inputs = hashOfInputs();
  if (isBuiltFrom(inputs)) return;
  console.error('build: compiling');
  // Inside node_modules nothing lints, tests or commits what a killed build leaves, and packages are found from there.
  const draft = join(root, 'node_modules', `.build-${process.pid}`);
  try {
    await compile(draft);
    copyTexts(join(root, 'src'), draft);
    writeCampaignSchema(draft);
    makeProgram(join(draft, 'cli', 'index.js'));
    swap(draft);
    await bundleWorkflows();
    writeFileSync(join(dist, '.inputs'), inputs);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function hashOfInputs() {
  const hash = createHash('sha256').update(process.versions.node);
  const files = ['tsconfig.json', 'package.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => join(root, name));
  for (const file of [...files, ...filesIn(join(root, 'src')).sort()]) hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function isBuiltFrom(inputs) {
  const stamp = join(dist, '.inputs');
  return existsSync(schemaFile) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs;
}

// Not incremental: the build information would claim outputs that a fresh folder does not have.
async function compile(draft) {
  const code = await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json', '--outDir', draft, '--incremental', 'false', '--noEmitOnError']);
  if (code !== 0) throw new Error('Expected src to compile, got the errors above; correct them and try again');
}

/** Prompts, world data and other files that the code reads beside itself. */
function copyTexts(from, to) {
  for (const file of filesIn(from).filter((name) => !name.endsWith('.ts'))) {
    const target = join(to, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** The schema that editors check campaign files with; left alone when unchanged, so that its date means something. */
function writeCampaignSchema(draft) {
  const compiled = join(draft, 'core', 'campaign', 'campaign.schema.js');
  if (!existsSync(compiled)) return;
  const { z } = require('zod');
  const { campaignFileSchema } = require(compiled);
  const text = `${JSON.stringify(z.toJSONSchema(campaignFileSchema, { io: 'input' }), null, 2)}\n`;
  if (!existsSync(schemaFile) || readFileSync(schemaFile, 'utf8') !== text) writeFileSync(schemaFile, text);
}

function makeProgram(file) {
  if (existsSync(file)) chmodSync(file, 0o755);
}

/** Workers load this file instead of bundling at every start, which takes seconds. */
async function bundleWorkflows() {
  const workflowsPath = join(dist, 'workflows', 'index.js');
  if (!existsSync(workflowsPath)) return;
  console.error('build: bundling workflows');
  const { bundleWorkflowCode } = require('@temporalio/worker');
  const quiet = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  writeFileSync(join(dist, 'workflow-bundle.js'), code);
}

// A worker that runs from the old folder keeps its open files; two renames leave no moment with half a `dist`.
function swap(draft) {
  const old = `${draft}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(draft, dist);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await tell(async () => {
    checkNode();
    await installPackages();
    await build();
    return 0;
  });
}
