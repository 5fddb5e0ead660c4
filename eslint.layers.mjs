import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = join(dirname(fileURLToPath(import.meta.url)), 'src');

/**
 * What each layer of `src` may import (the arrows of the layout). `layers` may be imported for their values, `types` for
 * their types alone; `packages` says which packages (`true`: any). A layer may always import itself.
 * Temporal's bundler does not catch a workflow that pulls in a database driver; this does.
 */
export const LAYERS = {
  core: { layers: [], types: [], packages: [], schemaPackages: ['zod'] },
  workflows: { layers: ['core'], types: ['activities', 'worlds'], packages: ['@temporalio/workflow', '@temporalio/common'], noSchemas: true },
  activities: { layers: ['core', 'worlds', 'digest', 'prompts'], types: ['clients'], packages: true, not: ['openai', 'neo4j-driver'] },
  worlds: { layers: ['core', 'digest', 'config', 'process-identity'], types: [], packages: true, not: ['openai', 'neo4j-driver', '@temporalio/*'] },
  clients: { layers: ['core', 'digest'], types: ['activities', 'config'], packages: true },
  services: { layers: ['core', 'config', 'process-identity'], types: [], packages: true },
  simulator: { layers: ['core', 'config', 'digest'], types: [], packages: true, not: ['openai', 'neo4j-driver', '@temporalio/*'] },
  'process-identity': { layers: [], types: [], packages: true },
  telemetry: { layers: ['core', 'digest', 'config', 'activities'], types: ['workflows'], packages: true, not: ['openai', 'neo4j-driver'] },
  config: { layers: [], types: [], packages: true },
  digest: { layers: ['core'], types: [], packages: true },
  chaos: { layers: ['core', 'config', 'services', 'clients', 'process-identity'], types: ['activities'], packages: true },
  index: { layers: ['audit', 'core', 'config', 'digest', 'services', 'clients', 'worlds', 'activities', 'wiring', 'worker', 'simulator', 'cli'], types: ['workflows'], packages: true },
  audit: { layers: ['core', 'digest', 'clients', 'worlds', 'activities', 'telemetry', 'worker'], types: ['config'], packages: true },
  cli: { layers: ['audit', 'core', 'config', 'digest', 'services', 'clients', 'worlds', 'activities', 'wiring', 'worker', 'index', 'simulator', 'chaos'], types: ['workflows'], packages: true },
  wiring: { layers: ['core', 'config', 'digest', 'services', 'clients', 'worlds', 'activities', 'simulator'], types: [], packages: true },
  worker: { layers: ['wiring', 'telemetry', 'core', 'config', 'digest', 'services', 'clients', 'worlds', 'activities', 'simulator'], types: ['workflows'], packages: true },
};

/** `src/core/graph/graph.ts` → core, `src/config.ts` → config; `null` outside `src` and for parts without a rule. */
function layerOf(file) {
  const path = relative(src, file);
  if (path.startsWith('..')) return null;
  const first = path.split(sep)[0].replace(/\.ts$/, '');
  return first in LAYERS ? first : null;
}

const matches = (name, pattern) => (pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`));

/** Why a file may not import `source`, `null` when it may. */
export function refusal(file, source, typeOnly) {
  const from = layerOf(file);
  if (from === null) return null;
  return source.startsWith('.') ? refuseFile(from, file, join(dirname(file), source), typeOnly) : refusePackage(from, file, source, typeOnly);
}

function refuseFile(from, file, target, typeOnly) {
  const rule = LAYERS[from];
  const to = layerOf(target);
  if (rule.noSchemas && target.endsWith('.schema') && !typeOnly) return `${from} may import only types of *.schema files: their zod would end up in the workflow bundle`;
  if (from === 'cli' && to === 'simulator' && !/simulator([/\\]index)?$/.test(target)) return 'cli may import the simulator by its index only';
  if (to === null || to === from || rule.layers.includes(to)) return null;
  if (rule.types.includes(to)) return typeOnly ? null : `${from} may import only types of ${to}`;
  return `${from} may not import ${to}`;
}

function refusePackage(from, file, source, typeOnly) {
  const rule = LAYERS[from];
  const name = source.replace(/^node:.*/, 'node:*');
  if (rule.not?.some((pattern) => matches(source, pattern))) return `${from} may not import ${source}: what talks to the outside lies in clients`;
  if (rule.packages === true || rule.packages.some((pattern) => matches(source, pattern))) return null;
  if (rule.schemaPackages?.includes(source)) return file.endsWith('.schema.ts') || typeOnly ? null : `${from} may import ${source} only in *.schema.ts: workflows bundle the rest of ${from}`;
  if (from === 'workflows' && typeOnly) return null;
  return `${from} may not import ${name === 'node:*' ? `${source}: it does no I/O` : `the package ${source}`}`;
}

const rule = {
  meta: { type: 'problem', schema: [], messages: { layer: '{{why}} (see the layout in README).' } },
  create(context) {
    const check = (node, source, typeOnly) => {
      const why = typeof source === 'string' ? refusal(context.filename, source, typeOnly) : null;
      if (why !== null) context.report({ node, messageId: 'layer', data: { why } });
    };
    const everyIsType = (specifiers, kind) => specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type');
    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind === 'type' || everyIsType(node.specifiers, 'importKind')),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source.value, node.exportKind === 'type' || everyIsType(node.specifiers, 'exportKind')),
      ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source.value, false),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0]?.value, false),
    };
  },
};

export const layers = { rules: { imports: rule } };
