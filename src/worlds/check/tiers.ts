import { WORLD_TIERS, type WorldTier } from '../../core/tool';
import type { ToolCheck, WorldCheck } from './index';

/** Worlds of one kind, counted together; kinds are never added up into one number. */
export interface TierRow {
  tier: WorldTier;
  /** The trade of built-in worlds; `null` for a tier's sum and for tiers without trades. */
  group: string | null;
  worlds: number;
  tools: number;
  passing: number;
  stateful: number;
  /** `null` where no edges were tested, and no traces asked for. */
  withEdge: number | null;
  inTrace: number | null;
  /** Failed with a typed fault, too. */
  refused: number;
}

/** A row per trade of the built-in worlds, then one per tier. `groupOf` gives a world's trade. */
export function tierRows(checks: readonly WorldCheck[], groupOf: (world: string) => string | undefined): TierRow[] {
  return WORLD_TIERS.flatMap((tier) => {
    const own = checks.filter((check) => check.tier === tier);
    const groups = [...new Set(own.map((check) => groupOf(check.world)).filter((group) => group !== undefined))];
    const byGroup = tier === 'builtin' ? groups.map((group) => rowOf(tier, group, own.filter((check) => groupOf(check.world) === group))) : [];
    return own.length === 0 ? [] : [...byGroup, rowOf(tier, null, own)];
  });
}

function rowOf(tier: WorldTier, group: string | null, checks: readonly WorldCheck[]): TierRow {
  const tools = checks.flatMap((check) => check.tools);
  const count = (holds: (tool: ToolCheck) => boolean): number => tools.filter(holds).length;
  const asked = (fact: 'hasEdge' | 'inTrace'): number | null => (tools.every((tool) => tool[fact] === null) ? null : count((tool) => tool[fact] === true));
  return {
    tier, group, worlds: checks.length, tools: tools.length,
    passing: count((tool) => tool.passed), stateful: count((tool) => tool.stateful),
    withEdge: asked('hasEdge'), inTrace: asked('inTrace'), refused: count((tool) => tool.refused),
  };
}
