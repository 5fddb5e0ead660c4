import { defineDomain, type DomainWorld } from '../domain';
import { knownSpreadsheet } from './known';
import { SPREADSHEET_POLICY } from './policy';
import { initSpreadsheet, spreadsheetInvariants, spreadsheetSchema } from './state';
import { spreadsheetTools } from './tools';

/** Shared workbooks: check out, sheets, imports, named ranges, formulas, charts, protected sheets, versions. */
export const createSpreadsheetWorld = (): DomainWorld =>
  defineDomain({
    name: 'spreadsheet',
    version: '1.0.0',
    policy: SPREADSHEET_POLICY,
    state: spreadsheetSchema,
    init: initSpreadsheet,
    known: knownSpreadsheet,
    tools: spreadsheetTools,
    invariants: spreadsheetInvariants,
  });
