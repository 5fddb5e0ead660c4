import colours from 'picocolors';
import type { AttemptStory, Story, TurnStory } from '../audit/explain';
import { addSpend, NO_SPEND, type Spend } from '../core/campaign/progress';
import { outcomeLabel } from '../core/outcome';

/** A story for a person, in the order it happened. */
export function storyLines(story: Story): string[] {
  return [
    colours.bold(`${story.item}: ${story.turns.length === 1 ? 'one turn' : `${story.turns.length} turns`} in world ${story.world} (seed ${story.seed}), cell ${story.cell}`),
    `The trace was walked towards ${story.target}, which the targets fail, on version ${story.graphVersion} of the graph.`,
    ...(story.retry === null ? [] : [`Tried again from ${story.retry.from}: what stood before it was kept, and records/${story.item}.${story.retry.number}.jsonl has it as it was.`]),
    ...story.turns.flatMap((turn, at) => ['', colours.bold(`Turn ${at + 1}`), ...turnLines(turn)]),
    '',
    colours.bold(endOf(story)),
    ...story.costByStage.map(({ stage, spend }) => `  ${stage.padEnd(18)} ${spendText(spend)}`),
    `  ${'in all'.padEnd(18)} ${spendText(story.costByStage.reduce((sum, { spend }) => addSpend(sum, spend), NO_SPEND))}`,
    ...(story.failed.length > 0 ? [`  ${story.failed.length} requests failed and were sent again: ${[...new Set(story.failed.map((failed) => failed.type))].join(', ')}`] : []),
  ];
}

function turnLines(turn: TurnStory): string[] {
  return [
    ...turn.calls.flatMap((call) => [
      `  gold ${call.id}  ${call.tool} ${JSON.stringify(call.args)} → ${cut(JSON.stringify(call.result), 160)}`,
      ...(call.sources.length > 0 ? [colours.dim(`           arguments: ${call.sources.join('; ')}`)] : []),
      colours.dim(`           needed for: ${call.neededFor.join(', ')}`),
    ]),
    ...turn.asks.map((ask) => `  asked    ${ask}`),
    ...turn.toolTries.flatMap((one, at) => (one.ok ? [] : [colours.red(`  advanced tool, try ${at + 1}, sent back: ${one.reasons.join('; ')}`)])),
    ...(turn.advancedTool ? [`  advanced tool  ${turn.advancedTool.name}: ${turn.advancedTool.hint}`] : []),
    ...turn.queryTries.map((one, at) => (one.ok ? colours.green(`  query, try ${at + 1}, taken: ${one.query}`) : colours.red(`  query, try ${at + 1}, sent back: ${one.query || 'unreadable'}; ${one.reasons.join('; ')}`))),
    ...turn.steps.flatMap((step, at) => step.attempts.flatMap((attempt, number) => attemptLines(attempt, `  step ${at + 1}, attempt ${number + 1}`))),
  ];
}

function attemptLines(attempt: AttemptStory, head: string): string[] {
  if (attempt.right) {
    const rewrites = attempt.rewrites.map((one) => (one.ok ? '           its reasoning told of the hint and was rewritten' : `           a rewrite was sent back: ${one.reasons.join('; ')}`));
    return [colours.green(`${head}, right: ${attempt.said}`), ...(attempt.sameEffect === false ? ['           by its effects alone it would not have counted'] : []), ...rewrites];
  }
  return [
    colours.red(`${head}, wrong: ${attempt.said}`),
    ...attempt.errors.map((error) => `           code found: ${error}`),
    ...(attempt.sameEffect ? ['           by its effects alone (same state, same outputs) it would have counted'] : []),
    ...(attempt.feedback === null ? [] : [`           was told: ${attempt.feedback}${attempt.feedbackTries > 1 ? ` (verdict asked for ${attempt.feedbackTries} times, since the first gave something away)` : ''}`]),
  ];
}

function endOf({ outcome, probe }: Story): string {
  if (probe) return probe.broken === undefined ? `The probe of ${probe.tool}: ${probe.failed ? 'enough targets failed it, so it is in the failure set' : 'not enough targets failed it'}` : `The probe of ${probe.tool} says nothing about the targets: ${probe.broken}`;
  if (!outcome) return 'No end is noted: it still runs, was cancelled as surplus, or failed';
  if (outcome.kind === 'verified') return 'Kept: every call of every turn was made and checked, and the gold calls gave the same again';
  return `Not kept, ${outcomeLabel(outcome)}${'detail' in outcome && outcome.detail ? `: ${outcome.detail}` : ''}`;
}

const spendText = (spend: Spend): string =>
  `${spend.accepted} ${spend.accepted === 1 ? 'reply' : 'replies'} of ${spend.attempts} requests, ${spend.inputTokens} + ${spend.outputTokens} tokens, $${(spend.costMicroUsd / 1e6).toFixed(4)}${spend.reused === undefined ? '' : `, ${spend.reused} reused`}`;

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length)}…`);
