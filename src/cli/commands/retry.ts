import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planOf, resolveModel } from '../../activities/context';
import type { RecordLine } from '../../activities/deps';
import { decisionOf, RETRY_KEY } from '../../activities/item-state';
import { lookupOf, type FailedCall, type StoredCall } from '../../activities/model-call';
import { asideFile } from '../../activities/retry';
import type { Config } from '../../config';
import type { ChatRequest } from '../../core/chat/chat';
import type { CampaignFile, ModelUse } from '../../core/campaign/campaign.schema';
import type { ModelStage } from '../../core/campaign/lookup';
import type { Manifest } from '../../core/campaign/manifest';
import type { ItemResult } from '../../core/campaign/progress';
import { recordName, workflowIdOf, type ItemRef } from '../../core/campaign/refs';
import { linesBefore, RETRY_STAGES } from '../../core/campaign/retried';
import { FORMATS } from '../../core/dataset/formats';
import type { Json } from '../../core/json';
import { outcomeLabel } from '../../core/outcome';
import { ensureServices, ensureSimulator } from '../../services';
import { raiseAfterEnd } from '../budget-after-end';
import { openCampaign, type CampaignFolder } from '../campaign-folder';
import type { Cli } from '../cli';
import { curlCommand } from '../curl';
import { InputError } from '../exit-codes';
import { exportDataset } from '../export-dataset';
import { progressToStderr } from '../services';
import { withTemporal, type Temporal } from '../temporal';
import { show } from '../terminal';
import { startWorker } from '../worker-process';

interface RetryOptions {
  from: string;
  dryRun?: boolean;
  json?: boolean;
}

export function addRetryCommand(trajectory: Command, cli: Cli): void {
  trajectory.command('retry').argument('<campaign/item>', 'like quickstart-1/t-00003').description('run one item of an ended campaign again from a stage; what stood before it is not paid again')
    .requiredOption('--from <stage>', `${RETRY_STAGES.join(', ')}; reasoner/1/2 = turn 1, step 2, both counted from 0`)
    .option('--dry-run', 'print that stage\'s request as a curl command and change nothing').option('--json', 'one JSON document on stdout')
    .action((item: string, options: RetryOptions) => retryItem(cli, item, options));
}

async function retryItem(cli: Cli, text: string, options: RetryOptions): Promise<void> {
  const ref = refOf(text);
  const config = cli.config();
  const folder = openCampaign(config, ref.campaign);
  const manifest = await folder.manifest();
  const lines = await folder.records.read(ref.campaign, recordName(ref));
  checkStage(ref, lines, options.from);
  if (options.dryRun) {
    const command = requestCommand({ ref, manifest, lines, from: options.from, simulatorUrl: config.simulatorUrl ?? (manifest.simulated ? await ensureSimulator(config, progressToStderr) : undefined) });
    show(cli.terminal, options, { item: text, from: options.from, command }, () => [command]);
    return;
  }
  if ((await folder.summary()) === undefined) throw new InputError(`Expected campaign ${ref.campaign} to have ended, got one that has not; npx hardgen campaign stop ${ref.campaign} ends it, campaign status shows it`);
  const end = await run(cli, config, { ref, from: options.from, number: await nextNumber(folder, ref), settings: planOf(manifest).settings }, manifest.simulated);
  await exportAgain(folder);
  show(cli.terminal, options, end, () => [
    `${text}: ${outcomeLabel(end.result.outcome)}${'detail' in end.result.outcome && end.result.outcome.detail ? ` (${end.result.outcome.detail})` : ''}`,
    `${end.rows} rows in the dataset now${end.note ? `. ${end.note}` : ''}`,
    `Next: npx hardgen trajectory show ${ref.campaign} ${recordName(ref)} --generation · npx hardgen dataset export ${ref.campaign} --out DIR`,
  ]);
}

/** What lay exported in the campaign's own folder holds the dataset of before. */
async function exportAgain(folder: CampaignFolder): Promise<void> {
  for (const format of FORMATS) {
    const out = join(folder.path, 'dataset', format.name);
    if (existsSync(out)) await exportDataset(folder, format, out);
  }
}

function refOf(text: string): ItemRef {
  const found = /^([A-Za-z0-9][A-Za-z0-9._-]*)\/(?:t-)?0*(\d+)$/.exec(text);
  if (!found) throw new InputError(`Expected a trajectory like quickstart-1/t-00003, got \`${text}\`; npx hardgen trajectory list ID shows them`);
  return { campaign: found[1] ?? '', purpose: 'trajectory', item: Number(found[2]) };
}

function checkStage(ref: ItemRef, lines: readonly RecordLine[], from: string): void {
  if (lines.length === 0) throw new InputError(`Expected ${workflowIdOf(ref)} to have begun, got no record of it; npx hardgen trajectory list ${ref.campaign} shows what there is`);
  const opened = lines.findLast((line) => line.key.startsWith(RETRY_KEY));
  // A retry that waits, say for a budget, may not have come there again.
  if (linesBefore(lines, from) || (opened?.value as { from: string } | undefined)?.from === from) return;
  const reached = [...new Set(lines.flatMap((line) => (line.kind === 'sent' || line.kind === 'call' ? [line.key.split('/')[1] ?? ''] : line.kind === 'outcome' ? ['finish'] : [])))];
  throw new InputError(`Expected a stage that ${workflowIdOf(ref)} has reached, got \`${from}\`; it has reached ${reached.join(', ') || 'none'}`);
}

/** Which role of the campaign file answers at a stage. */
const USE_OF: { [stage in Exclude<ModelStage, 'target'>]: keyof CampaignFile['models']['roles'] } = {
  'tool-maker': 'toolMaker', 'query-generator': 'queryGenerator', 'paraphrase-judge': 'verifier', reasoner: 'reasoner', verifier: 'verifier', rewriter: 'reasoner',
};

function requestCommand(input: { ref: ItemRef; manifest: Manifest; lines: readonly RecordLine[]; from: string; simulatorUrl: string | undefined }): string {
  const { manifest, ref, lines } = input;
  const call = requestAt(lines, input.from);
  if (!call) throw new InputError(`Expected a stage with a recorded request, got \`${input.from}\`, which ${input.from === 'finish' ? 'asks no model' : 'got neither an answer nor a failure yet'}`);
  const stage = call.key.split('/')[0] as Exclude<ModelStage, 'target'>;
  const use: ModelUse = manifest.campaign.models.roles[USE_OF[stage]];
  const [turn = 0, step = 0, attempt = 1, tryNumber = 1] = call.key.split('/').slice(-4).map(Number);
  const specHash = decisionOf<{ hash: string }>(lines, 'spec')?.hash ?? '';
  const lookup = lookupOf({ context: { manifest } as Parameters<typeof lookupOf>[0]['context'], ref, stage, turn, step, attempt, tryNumber, specHash });
  return curlCommand({ target: resolveModel({ manifest, use, simulatorUrl: input.simulatorUrl }), request: call.request, lookup: lookup as unknown as Json });
}

/** The stage's first request that was answered, else the last that was not. */
function requestAt(lines: readonly RecordLine[], from: string): { key: string; request: ChatRequest } | undefined {
  const at = (kind: 'call' | 'failed') => (line: RecordLine): boolean => line.kind === kind && `${line.key}/`.startsWith(`${kind}/${from}/`);
  const answered = lines.find(at('call'));
  const failed = lines.filter(at('failed')).map((line) => line.value as unknown as FailedCall).findLast((call) => call.request !== undefined);
  return answered ? (answered.value as unknown as StoredCall) : (failed as { key: string; request: ChatRequest } | undefined);
}

async function nextNumber(folder: CampaignFolder, ref: ItemRef): Promise<number> {
  for (let number = 1; ; number++) if ((await folder.records.readArtifact(ref.campaign, asideFile(ref, number))) === undefined) return number;
}

interface RetryEnd {
  result: ItemResult;
  rows: number;
  note?: string;
}

/** With a worker that ends with the command; a retry that waits for an operator is gone on with by the same command. */
async function run(cli: Cli, config: Config, order: { ref: ItemRef; from: string; number: number; settings: unknown }, simulated: boolean): Promise<RetryEnd> {
  await ensureServices(config, progressToStderr);
  const worker = startWorker({ config, simulatorUrl: simulated ? await ensureSimulator(config, progressToStderr) : undefined, say: cli.terminal.err });
  try {
    return await withTemporal(config, async (temporal) => {
      const handle = await startOrResume(temporal, config, order);
      let ended = false;
      const result = (handle.result() as Promise<RetryEnd>).catch(refuse).finally(() => (ended = true));
      const blocked = async (): Promise<never> => {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          const reason = ended ? null : await handle.query<string | null>('retryBlocked').catch(() => null);
          if (reason && !ended) {
            const raise = await raiseAfterEnd(config, openCampaign(config, order.ref.campaign), cli.now());
            // An ended campaign has nothing to resume.
            const why = reason.replace(/, then `npx hardgen campaign resume [^`]*`/g, '');
            throw new InputError(`${workflowIdOf(order.ref)} waits: ${why}\n${raise === undefined ? 'Put it right' : `\`${raise}\` raises it`}, then type the same command again.`);
          }
          if (ended) return await new Promise<never>(() => undefined);
        }
      };
      return await Promise.race([result, blocked(), worker.gone]);
    });
  } finally {
    await worker.stop();
  }
}

async function startOrResume(temporal: Temporal, config: Config, order: { ref: ItemRef; from: string }): Promise<ReturnType<Temporal['client']['workflow']['getHandle']>> {
  const workflowId = `${workflowIdOf(order.ref)}/retry`;
  const handle = temporal.client.workflow.getHandle(workflowId);
  const running = await handle.describe().then((found) => (found.status.name === 'RUNNING' ? found : undefined), () => undefined);
  const from = running?.memo?.from;
  if (from !== undefined && from !== order.from) throw new InputError(`Expected --from ${String(from)}, by which a retry of ${workflowIdOf(order.ref)} waits already, got \`${order.from}\`; type that, or end it first: temporal workflow terminate --workflow-id ${workflowId}`);
  if (running) await handle.signal('resume');
  else await temporal.client.workflow.start('retry', { workflowId, taskQueue: config.taskQueue, memo: { from: order.from }, args: [{ ...order, parks: true }] });
  return handle;
}

/** The innermost cause says what was expected. */
function refuse(error: unknown): never {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  throw new InputError(cause instanceof Error ? cause.message : String(error));
}
