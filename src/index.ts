/** What a script imports: campaign files, rows, formats and the words they are made of. */
export type { CampaignFile } from './core/campaign/campaign.schema';
export { campaignSchema } from './core/campaign/campaign.schema';
export type { CampaignInput, Manifest } from './core/campaign/manifest';
export type { Funnel, ItemResult, Phase, Progress, Spend } from './core/campaign/progress';
export type { ExportFile, Format } from './core/dataset/format';
export { FORMATS, formatNamed } from './core/dataset/formats';
export type { Receipt } from './core/dataset/receipt';
export { checkRow, type NamedRow, type Row, type RowMessage } from './core/dataset/row';
export { checkRowSchema, parseRow, rowSchema } from './core/dataset/row.schema';
export type { Json, JsonObject, JsonSchema } from './core/json';
export { outcomeLabel, type Outcome, type Rejection } from './core/outcome';
export type { Call, CallResult, Fault, KnownFact, ToolDoc, WorldDoc } from './core/tool';
export type { GoldCall, TraceSpec } from './core/trace';
export { CampaignFileError, compileCampaign } from './cli/campaign-file';
export { loadConfig, ConfigError, type Config } from './config';
export { createWorker } from './worker';
export { connect, type Wiring } from './wiring';
export type { World, WorldInstance } from './worlds/world';
