import type { Cell } from '../trace';
import type { Budget, Cost } from './budget';
import type { CampaignFile } from './campaign.schema';

/**
 * What `hardgen campaign compile FILE` prints and the `campaign` workflow takes: the file with every default written
 * out. Relative paths in it are relative to `baseDir`. The campaign's id is the workflow's id.
 */
export interface CampaignInput {
  campaign: CampaignFile;
  baseDir: string;
}

/** One line of the quota plan: how many accepted rows a cell gets. */
export interface CellQuota {
  cell: Cell;
  quota: number;
}

/**
 * What is fixed when a campaign starts, so that every later step and every machine reads the same: written once,
 * first stored wins. Everything a trajectory does is a pure function of this, its index and the replies.
 */
export interface Manifest {
  id: string;
  createdBy: string;
  campaign: CampaignFile;
  baseDir: string;
  plan: CellQuota[];
  worlds: { id: string; version: string; baseGraph: string; tools: string[] }[];
  /** Probed tools in order; a probe's item index is its place here. */
  probes: string[];
  /** sha256 of each prompt text used; the texts lie beside the manifest. */
  prompts: { [name: string]: string };
  simulated: boolean;
}

/** What workflows need of a manifest: numbers and names, no texts. */
export interface CampaignPlan {
  id: string;
  worlds: string[];
  probes: number;
  targets: number;
  maxItems: number;
  quotas: CellQuota[];
  window: number;
  round: number;
  /** Absent in plans of campaigns that were started before budgets were enforced. */
  budget?: Budget;
  /** What an item is taken to cost until some have ended. */
  firstGuess?: { probe: Cost; trajectory: Cost };
  settings: TrajectorySettings;
}

/**
 * The plan with the cell of every item, as the campaign's workflow gets it. Numbers, because 27,000 names would be half a
 * megabyte in its history, and a payload ends at two; plans of an earlier version held the names.
 */
export interface PlanWithCells extends CampaignPlan {
  /** Cell ids, each once. */
  cells?: string[];
  /** Place in `cells` of item i's cell; index = item. */
  cellOf: (number | string)[];
}

export function withCells(plan: CampaignPlan, cells: readonly string[]): PlanWithCells {
  const places = new Map([...new Set(cells)].map((cell, place) => [cell, place]));
  return { ...plan, cells: [...places.keys()], cellOf: cells.map((cell) => places.get(cell) as number) };
}

/** Cell ids of the items [from, to). */
export const cellsOf = ({ cells = [], cellOf }: PlanWithCells, from = 0, to = cellOf.length): string[] =>
  cellOf.slice(from, to).map((cell) => (typeof cell === 'string' ? cell : (cells[cell] ?? '')));

/** Bounds and switches that steer a trajectory workflow. */
export interface TrajectorySettings {
  kMax: number;
  toolMakerTries: number;
  queryTries: number;
  feedbackRetries: number;
  rewriteTries: number;
  maxSteps: number;
  probeAttempts: number;
  /** Targets that must fail a tool to put it in T, as a count. */
  failuresNeeded: number;
  advancedTool: boolean;
  feedback: boolean;
}

export type Purpose = 'trajectory' | 'probe';

