import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import type { TableStoreState } from './state';

const TEAMS_ABOUT = ['the team the user belongs to', 'the team whose tables the user has to compare with', 'the team that asked the user for data'];
const BATCHES_ABOUT = ['the batch the user uploaded this morning', 'the batch the user got from a partner', 'the batch that is still missing in the table'];
const TABLE_TITLES = ['weir_levels', 'mast_inspections', 'cider_presses', 'glass_returns', 'tram_repairs', 'seed_swaps'];
const COLUMN_TITLES = ['supervisor', 'quantity', 'closed_on', 'district', 'priority', 'batch_note'];

/** What a user of this seed could state; ids of databases, tables, columns, indexes, cursors and exports are never among it. */
export function knownTableStore(state: TableStoreState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [table, otherTable] = rng.shuffle(TABLE_TITLES) as [string, string];
  const [column, otherColumn] = rng.shuffle(COLUMN_TITLES) as [string, string];
  const batches = Object.keys(state.batches).slice(-BATCHES_ABOUT.length);
  return [
    { name: 'workspace', value: state.workspace.name, about: "the name of the user's workspace", entity: 'workspace' },
    { name: 'access_phrase', value: state.workspace.phrase, about: "the access phrase of the user's workspace", entity: 'access_phrase' },
    ...Object.values(state.databases).map(({ team }, at) => ({ name: `team_${at + 1}`, value: team, about: TEAMS_ABOUT[at] as string, entity: 'team' })),
    ...batches.map((batch, at) => ({ name: `batch_${at + 1}`, value: batch, about: BATCHES_ABOUT[at] as string, entity: 'batch_name' })),
    { name: 'table_title', value: table, about: 'the title of a table the user wants to set up', params: ['create_table.title'] },
    { name: 'other_table_title', value: otherTable, about: 'the title of a second table the user wants to set up', params: ['create_table.title'] },
    { name: 'column_title', value: column, about: 'the title of a column the user needs', params: ['add_column.title'] },
    { name: 'other_column_title', value: otherColumn, about: 'the title of another column the user needs', params: ['add_column.title'] },
  ];
}
