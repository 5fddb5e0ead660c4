import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

// ESLint loads its configuration by a dynamic import, which jest's sandbox does not have: it runs beside us, without type information.
const LINT = `
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
  const found = [];
  for (const [filePath, code] of JSON.parse(process.argv[1])) {
    const [result] = await eslint.lintText(code + '\\n', { filePath, warnIgnored: true });
    found.push(result.messages.filter(({ ruleId }) => ruleId !== '@typescript-eslint/no-unused-vars').map(({ ruleId, message }) => ruleId + ': ' + message));
  }
  console.log(JSON.stringify(found));
`;

const refused: [where: string, code: string, why: RegExp][] = [
  ['src/core/graph/planted.ts', `import { readFileSync } from 'node:fs'`, /core may not import node:fs: it does no I\/O/],
  ['src/core/graph/planted.ts', `import { z } from 'zod'`, /core may import zod only in \*\.schema\.ts/],
  ['src/core/graph/planted.ts', `import { loadConfig } from '../../config'`, /core may not import config/],
  ['src/core/graph/planted.ts', `export { replay } from '../../worlds/replay'`, /core may not import worlds/],
  ['src/core/graph/planted.ts', `export const draw = Math.random`, /core takes its random numbers as an argument/],
  ['src/core/graph/planted.ts', `export const at = Date.now`, /core takes the time as an argument/],
  ['src/core/graph/planted.ts', `export const at = new Date()`, /core takes the time as an argument/],
  ['src/core/graph/planted.ts', `setTimeout(() => 0, 1)`, /core is pure/],
  ['src/workflows/planted.ts', `import { campaignSchema } from '../core/campaign/campaign.schema'`, /only types of \*\.schema files/],
  ['src/workflows/planted.ts', `import { createActivities } from '../activities'`, /workflows may import only types of activities/],
  ['src/workflows/planted.ts', `import { createGraphStore } from '../clients/graph-store'`, /workflows may not import clients/],
  ['src/workflows/planted.ts', `import OpenAI from 'openai'`, /workflows may not import the package openai/],
  ['src/workflows/planted.ts', `import { createHash } from 'node:crypto'`, /workflows may not import node:crypto/],
  ['src/workflows/planted.ts', `export function stop(): never { throw new Error('no') }`, /Throw ApplicationFailure/],
  ['src/activities/planted.ts', `import neo4j from 'neo4j-driver'`, /activities may not import neo4j-driver/],
  ['src/activities/planted.ts', `import { createGraphStore } from '../clients/graph-store'`, /activities may import only types of clients/],
  ['src/activities/planted.ts', `import { campaign } from '../workflows'`, /activities may not import workflows/],
  ['src/worlds/planted.ts', `import { up } from '../cli/services'`, /worlds may not import cli/],
  ['src/worlds/planted.ts', `import { Context } from '@temporalio/activity'`, /worlds may not import @temporalio\/activity/],
  ['src/clients/planted.ts', `import { worlds } from '../worlds'`, /clients may not import worlds/],
  ['src/services/planted.ts', `import { createGraphStore } from '../clients/graph-store'`, /services may not import clients/],
  ['src/simulator/planted.ts', `import { createGraphStore } from '../clients/graph-store'`, /simulator may not import clients/],
  ['src/cli/planted.ts', `import { plan } from '../simulator/faults'`, /cli may import the simulator by its index only/],
  ['src/cli/planted.ts', `export const home = process.env.HOME`, /config\.ts is the one reader of the environment/],
  ['src/core/planted.ts', `export default 1`, /Export by name/],
  ['src/core/planted.ts', `export const x = (y: any): number => y`, /no-explicit-any/],
  ['src/core/planted.ts', `export function x() { return 1 }`, /explicit-module-boundary-types/],
];

const allowed: [where: string, code: string][] = [
  ['src/core/campaign/planted.schema.ts', `export { z } from 'zod'`],
  ['src/core/graph/planted.ts', `export { canonicalJson } from '../json'`],
  ['src/workflows/planted.ts', `export type { CampaignFile } from '../core/campaign/campaign.schema'`],
  ['src/workflows/planted.ts', `import type { Activities } from '../activities'\nexport type A = Activities`],
  ['src/workflows/planted.ts', `export { condition } from '@temporalio/workflow'`],
  ['src/clients/planted.ts', `export type { GraphStore } from '../activities/deps.graph'`],
  ['src/cli/planted.ts', `export { startSimulator } from '../simulator'`],
  ['src/config.ts', `export const home = process.env.HOME`],
];

describe('the layers of src', () => {
  const plants = [...refused, ...allowed].map(([where, code]) => [join(root, where), code]);
  const found = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', LINT, JSON.stringify(plants)], { cwd: root, encoding: 'utf8' })) as string[][];

  it.each(refused.map(([where, code, why], index) => ({ where, code, why, index })))('$where may not hold `$code`', ({ why, index }) => {
    expect(found[index]?.join('\n')).toMatch(why);
  });

  it.each(allowed.map(([where, code], index) => ({ where, code, index: refused.length + index })))('$where may hold `$code`', ({ index }) => {
    expect(found[index]).toEqual([]);
  });
});
