import colours from 'picocolors';
import type { RecordLine } from '../activities/deps';
import { keys, type ItemState } from '../activities/item-state';
import { attemptText, type StepRecord } from '../core/refine/conversation';
import { outcomeLabel, type Outcome } from '../core/outcome';
import { cellId, type TraceSpec } from '../core/trace';

/** How an item was made: gold trace, advanced tools, queries with what was sent back, every attempt with its feedback. */
export function generationLines(input: { campaign: string; name: string; spec: TraceSpec; state: ItemState; lines: readonly RecordLine[] }): string[] {
  const { spec, state, lines } = input;
  return [
    colours.bold(`${input.name}  ${spec.world}, seed ${spec.seed}, cell ${cellId(spec.cell)}, aimed at ${spec.target}, graph version ${spec.graphVersion}`),
    ...spec.turns.flatMap((turn, at) => [
      '', colours.bold(`turn ${at + 1}`),
      ...spec.calls.filter((call) => turn.calls.includes(call.id)).map((call) => `  gold ${call.id}   ${call.tool} ${JSON.stringify(call.args)} → ${cut(JSON.stringify(call.result))}`),
      ...turn.asks.map((ask) => `  asked     ${ask.label} = ${JSON.stringify(ask.value)}`),
      ...sentBack(lines, at),
      ...(state.tools[at] ? [`  advanced  ${state.tools[at].name}`, `  hint      ${state.tools[at].description}`] : []),
      ...(state.turns[at] ? [`  query     ${state.turns[at].query}`, ...state.turns[at].steps.flatMap(stepLines)] : []),
    ]),
    '', `outcome   ${outcomeOf(lines)}`,
  ];
}

/** Tool Maker's and Query Generator's replies that did not pass, with the reasons. */
function sentBack(lines: readonly RecordLine[], turn: number): string[] {
  const stages = [['tool', keys.tool(turn, 1)], ['query', keys.query(turn, 1)], ['judge', keys.judge(turn, 1)]] as const;
  return stages.flatMap(([stage, first]) => {
    const prefix = first.slice(0, -1);
    return lines.filter((line) => line.key.startsWith(prefix)).flatMap((line) => {
      const { ok, reasons } = line.value as unknown as { ok: boolean; reasons: string[] };
      return ok ? [] : [colours.red(`  sent back ${stage}: ${reasons.join('; ')}`)];
    });
  });
}

function stepLines(step: StepRecord, index: number): string[] {
  const { accepted } = step;
  return [
    ...step.attempts.flatMap((attempt) => [colours.red(`  step ${index + 1} ✗  ${attemptText(attempt)}`), ...(attempt.feedback ? [`  feedback  ${attempt.feedback}`] : [])]),
    ...(accepted ? [colours.green(`  step ${index + 1} ✓  ${'answer' in accepted ? accepted.answer : accepted.calls.map((call) => `${call.tool} ${JSON.stringify(call.args)}`).join(', ')}`), ...(accepted.reasoning ? [colours.dim(`            ${accepted.reasoning}`)] : [])] : []),
  ];
}

function outcomeOf(lines: readonly RecordLine[]): string {
  const value = lines.find((line) => line.kind === 'outcome')?.value as unknown as { outcome?: Outcome; failed?: boolean; broken?: string } | undefined;
  if (!value) return 'still running';
  if (value.outcome) return `${outcomeLabel(value.outcome)}${'detail' in value.outcome && value.outcome.detail ? ` (${value.outcome.detail})` : ''}`;
  return value.broken === undefined ? (value.failed ? 'the targets failed this tool' : 'not enough targets failed this tool') : `broken: ${value.broken}`;
}

const cut = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 120)}…`);
