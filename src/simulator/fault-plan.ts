import type { SimulatorLookup } from '../core/campaign/lookup';
import { createRng, type Rng } from '../core/random';

/** How a response of the Reasoner goes wrong: the verifier's six kinds, and three that no verifier sees. */
export const SLIPS = ['wrong_tool', 'missing_call', 'incorrect_parameter', 'wrong_order', 'type_mismatch', 'missing_dependency', 'malformed', 'refusal', 'empty'] as const;
export type Slip = (typeof SLIPS)[number];

/** What is planned for one step of one turn. */
export interface StepPlan {
  /** Faults in the order in which they show; each is a list of kinds, of which the first that fits the step happens. Empty: right at once. */
  faults: Slip[][];
  /** No feedback cures it: the item ends as `rejected:attempts`. */
  stubborn: boolean;
  /** Which of the calls that are due a response makes: every one, those up to the first that is not due, or the next. */
  style: 'all' | 'prefix' | 'one';
  /** The accepted reasoning speaks of the hint or of the earlier attempt, so that the rewriter has work. */
  betrays: boolean;
}

/** What is planned for one writer's reply (Tool Maker, Query Generator, judge, verifier, rewriter). */
export interface WriterPlan {
  fault: 'none' | 'malformed' | 'flawed';
  /** Comes back even when the prompt says why the last reply was rejected. */
  stubborn: boolean;
}

interface Shares {
  /** Steps whose first attempt is wrong, with a hint and without. */
  step: number;
  stepUnguided: number;
  /** Of these: steps that no feedback puts right. */
  stubborn: number;
  stubbornUnguided: number;
  /** Of these: steps with a second fault after the first. */
  twice: number;
  betrays: number;
  writerMalformed: number;
  writerFlawed: number;
  /** Of a writer's faults: those that stay. */
  writerStubborn: number;
}

/**
 * Measured over the synthetic traces of tests/simulator/correctness.test.ts: with `default` about three quarters of the
 * items verify and a quarter of the steps take two attempts or more; without hint or feedback at least 30 points fewer verify.
 */
const SHARES: { [level in SimulatorLookup['faults']]: Shares } = {
  none: { step: 0, stepUnguided: 0, stubborn: 0, stubbornUnguided: 0, twice: 0, betrays: 0, writerMalformed: 0, writerFlawed: 0, writerStubborn: 0 },
  default: { step: 0.33, stepUnguided: 0.6, stubborn: 0.11, stubbornUnguided: 0.4, twice: 0.15, betrays: 0.06, writerMalformed: 0.04, writerFlawed: 0.08, writerStubborn: 0.06 },
  heavy: { step: 0.5, stepUnguided: 0.85, stubborn: 0.22, stubbornUnguided: 0.55, twice: 0.3, betrays: 0.15, writerMalformed: 0.1, writerFlawed: 0.2, writerStubborn: 0.12 },
};

/** The final answer of a turn goes wrong half as often, and so does a step of a query that spells its steps out. */
const FINAL = 0.5;
const EASY = 0.5;

const WEIGHTS: { [slip in Slip]: number } = {
  wrong_tool: 3, missing_call: 2, incorrect_parameter: 5, wrong_order: 3, type_mismatch: 2, missing_dependency: 4, malformed: 0.7, refusal: 0.3, empty: 0.4,
};

export type StepKey = Pick<SimulatorLookup, 'seed' | 'purpose' | 'item' | 'turn' | 'step' | 'faults' | 'ablation'>;

/**
 * The plan of a step: a function of the campaign's seed, the item, turn and step, never of the attempt, so that a fault
 * comes back until feedback cures it. `guided`: the prompt holds a hint. The same draw decides with and without, so every
 * step that goes wrong with a hint also goes wrong without one.
 */
export function planStep(key: StepKey, at: { guided: boolean; final: boolean }): StepPlan {
  const rng = createRng(['step', key.seed, key.purpose, key.item, key.turn, key.step].join('/'));
  const shares = SHARES[key.faults];
  const easy = key.ablation.query === 'easy';
  const wrong = rng.fork('wrong').float() < (at.guided ? shares.step : shares.stepUnguided) * (at.final ? FINAL : 1) * (easy ? EASY : 1);
  const stubborn = wrong && rng.fork('stubborn').float() < (at.guided ? shares.stubborn : shares.stubbornUnguided);
  const twice = wrong && !stubborn && rng.fork('twice').float() < shares.twice;
  const style = rng.fork('style').float();
  return {
    faults: [...(wrong ? [weighted(rng.fork('first'))] : []), ...(twice ? [weighted(rng.fork('second'))] : [])],
    stubborn,
    style: style < 0.45 ? 'all' : style < 0.7 ? 'prefix' : 'one',
    betrays: rng.fork('betrays').float() < shares.betrays,
  };
}

/** All kinds, heavier ones likely earlier. */
function weighted(rng: Rng): Slip[] {
  return SLIPS.map((slip) => ({ slip, at: -Math.log(1 - rng.float()) / WEIGHTS[slip] })).sort((a, b) => a.at - b.at).map(({ slip }) => slip);
}

/** The plan of a writer: the same for all tries at one thing, so that it is put right by the <rejected> block alone. */
export function planWriter(key: StepKey & Pick<SimulatorLookup, 'stage' | 'attempt'>): WriterPlan {
  const shares = SHARES[key.faults];
  // Tool Maker and Query Generator count their tries as attempts; the others work on one attempt of a step.
  const attempt = key.stage === 'verifier' ? key.attempt : '';
  const rng = createRng(['writer', key.stage, key.seed, key.purpose, key.item, key.turn, key.step, attempt].join('/'));
  const draw = rng.float();
  const fault = draw < shares.writerMalformed ? 'malformed' : draw < shares.writerMalformed + shares.writerFlawed ? 'flawed' : 'none';
  return { fault, stubborn: fault !== 'none' && rng.float() < shares.writerStubborn };
}

/** The fault that shows now: a plan's, unless it can be cured and `rejected` says why the last reply was turned down. */
export const writerFault = (plan: WriterPlan, rejected: string | undefined): WriterPlan['fault'] =>
  (rejected !== undefined && !plan.stubborn ? 'none' : plan.fault);

/** How a target fails the tool it is probed for; `none`: it can use that tool. */
export type Weakness = 'none' | 'incorrect_parameter' | 'missing_dependency' | 'wrong_tool';

const FAILING: { [model: string]: number } = { 'sim-a': 0.75, 'sim-b': 0.7 };
const FAILING_OTHERS = 0.65;

/** A function of model and tool alone, so that all attempts and all campaigns agree. `sim` itself is weak at nothing. */
export function weaknessOf(model: string, tool: string): Weakness {
  if (model === 'sim') return 'none';
  const rng = createRng(`weakness/${model}/${tool}`);
  if (rng.float() >= (FAILING[model] ?? FAILING_OTHERS)) return 'none';
  return rng.pick(['incorrect_parameter', 'incorrect_parameter', 'missing_dependency', 'wrong_tool'] as const);
}
