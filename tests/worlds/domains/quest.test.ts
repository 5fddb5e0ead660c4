import { createQuestWorld } from '../../../src/worlds/builtin/quest';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createQuestWorld();

async function at(place: string): Promise<Talk & { room_id: string; item: (kind: string) => string; rune: string }> {
  const talk = await talkTo(world);
  await talk.ask('load_game', { hero_name: talk.say.hero as string, save_phrase: talk.say.save_phrase as string });
  const room_id = await talk.get('find_place', 'room_id', { place_name: talk.say[place] as string });
  const items = await talk.ask('search_place', { room_id });
  const door_id = rowsIn(await talk.ask('list_doors', { room_id }), 'doors')[0]?.door_id as string;
  return { ...talk, room_id, item: (kind) => rowWith(items, 'items', { kind }).item_id as string, rune: await talk.get('read_inscription', 'rune_word', { door_id }) };
}

test('key, rune, gear, guardian, chest and trader follow each other', async () => {
  const { ask, attempt, get, say, item, rune } = await at('place_1');
  for (const kind of ['key', 'herb', 'ore']) await ask('pick_up', { item_id: item(kind) });
  const chamber_id = await get('unlock_door', 'chamber_id', { rune_word: rune });
  const { guardian_id, strength } = (await ask('scout_chamber', { chamber_id })) as { guardian_id: string; strength: number };
  const recipe_id = await get('consult_mentor', 'recipe_id', { mentor_name: say.mentor_1 as string });
  const gear = await ask('craft_gear', { recipe_id, first_material: item('herb'), second_material: item('ore') });
  expect(await ask('wear_gear', { gear_id: gear.gear_id as string })).toMatchObject({ taken_off: expect.stringContaining('rusty') });
  const fought = await attempt('fight_guardian', { guardian_id });
  expect(fought.ok).toBe((gear.power as number) >= strength);
  if (!fought.ok) throw new Error('Expected a seed whose gear beats the guardian');
  const chest_id = (fought.value as { chest_id: string }).chest_id;
  const { gold } = await ask('hero_status');
  const { treasure_id, gold_found } = (await ask('open_chest', { chest_id })) as { treasure_id: string; gold_found: number };
  expect(await attempt('open_chest', { chest_id })).toMatchObject({ fault: 'conflict' });
  const { price, gold_now } = (await ask('sell_treasure', { treasure_id, trader_name: say.trader_2 as string })) as { price: number; gold_now: number };
  expect(gold_now).toBe((gold as number) + gold_found + price);
  expect(await attempt('sell_treasure', { treasure_id, trader_name: say.trader_1 as string })).toMatchObject({ fault: 'conflict' });
});

test('gear takes two different materials from the pack and uses them up', async () => {
  const { ask, attempt, get, say, item } = await at('place_2');
  const recipe_id = await get('consult_mentor', 'recipe_id', { mentor_name: say.mentor_2 as string });
  const right = { recipe_id, first_material: item('herb'), second_material: item('ore') };
  expect(await attempt('craft_gear', right)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('pack') });
  for (const kind of ['herb', 'ore']) await ask('pick_up', { item_id: item(kind) });
  expect(await attempt('craft_gear', { recipe_id, first_material: item('ore'), second_material: item('ore') })).toMatchObject({ fault: 'precondition' });
  await ask('craft_gear', right);
  expect(await attempt('craft_gear', right)).toMatchObject({ fault: 'precondition' });
  expect(await attempt('pick_up', { item_id: item('herb') })).toMatchObject({ fault: 'conflict' });
});

test('a door opens for who carries a key of its colour', async () => {
  const seen: boolean[] = [];
  for (const place of ['place_1', 'place_2', 'place_3']) {
    const { ask, attempt, room_id, item, rune } = await at(place);
    const { lock_colour } = rowsIn(await ask('list_doors', { room_id }), 'doors')[0] as { lock_colour: string };
    const carried = rowsIn(await ask('hero_status'), 'pack').some((one) => one.name === `old ${lock_colour} key`);
    const opened = await attempt('unlock_door', { rune_word: rune });
    expect(opened.ok).toBe(carried);
    seen.push(carried);
    if (carried) continue;
    expect(opened).toMatchObject({ fault: 'precondition', message: expect.stringContaining(`${lock_colour} key`) });
    await ask('pick_up', { item_id: item('key') });
    expect((await attempt('unlock_door', { rune_word: rune })).ok).toBe(true);
  }
  expect(seen[0]).toBe(true);
  expect(seen).toContain(false);
});

test('a villager tells of a place that no name leads to', async () => {
  const { ask, attempt, get, say, room_id } = await at('place_3');
  const told = await ask('ask_villager', { villager_name: say.villager_1 as string });
  expect(told.room_id).not.toBe(room_id);
  expect(await attempt('find_place', { place_name: told.told_name as string })).toMatchObject({ fault: 'not_found' });
  expect(rowsIn(await ask('search_place', { room_id: told.room_id as string }), 'items')).toHaveLength(3);
  expect(await get('ask_villager', 'room_id', { villager_name: say.villager_2 as string })).not.toBe(told.room_id);
});
