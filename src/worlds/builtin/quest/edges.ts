import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('quest');

const ROOM = [out('find_place', '/room_id'), out('ask_villager', '/room_id')];
const ITEM = [out('search_place', '/items/*/item_id'), out('hero_status', '/pack/*/item_id')];
const NEEDS_GAME = ['hero_status', 'pick_up', 'unlock_door', 'craft_gear', 'wear_gear', 'fight_guardian', 'open_chest', 'sell_treasure'];

/** The game's dependencies as its author knows them: the oracle that exploration is tested against. */
export const QUEST_EDGES: readonly TrueGroup[] = [
  ...['search_place', 'list_doors'].map((tool) => data(tool, '/room_id', ROOM)),
  data('pick_up', '/item_id', ITEM),
  data('read_inscription', '/door_id', [out('list_doors', '/doors/*/door_id')]),
  data('unlock_door', '/rune_word', [out('read_inscription', '/rune_word')]),
  data('craft_gear', '/recipe_id', [out('consult_mentor', '/recipe_id')]),
  data('craft_gear', '/first_material', ITEM),
  data('craft_gear', '/second_material', ITEM),
  data('wear_gear', '/gear_id', [out('craft_gear', '/gear_id')]),
  data('scout_chamber', '/chamber_id', [out('unlock_door', '/chamber_id'), out('ask_villager', '/chamber_id')]),
  data('fight_guardian', '/guardian_id', [out('scout_chamber', '/guardian_id')]),
  data('open_chest', '/chest_id', [out('fight_guardian', '/chest_id')]),
  data('sell_treasure', '/treasure_id', [out('open_chest', '/treasure_id'), out('hero_status', '/treasures/*/treasure_id')]),
  ...NEEDS_GAME.map((tool) => state(tool, 'load_game')),
];
