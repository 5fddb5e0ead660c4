import { z } from 'zod';
import { derived, findId, rowOf, rowsOf, sameName } from '../combinators';
import { exists, hiddenCode, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { COLOURS, ITEM_KINDS, PACK_SIZE, PLACES_NAMED, runeOf, type QuestState } from './state';

type S = QuestState;
const tool = toolsOn<S>();

// ---- fields ----

const roomId = ref('room_id', 'Id of a place');
const itemId = (description: string): z.ZodString => ref('item_id', description);
const doorId = ref('door_id', 'Id of a door, as given by list_doors');
const runeWord = ref('rune_word', 'Rune that is carved beside a door');
const chamberId = ref('chamber_id', 'Id of the chamber behind an open door');
const recipeId = ref('recipe_id', 'Id of a recipe, as given by consult_mentor');
const gearId = ref('gear_id', 'Id of a piece of gear, as given by craft_gear');
const guardianId = ref('guardian_id', 'Id of a guardian, as given by scout_chamber');
const chestId = ref('chest_id', 'Id of a chest, as given by fight_guardian');
const treasureId = ref('treasure_id', 'Id of a treasure');

// ---- needs and reading ----

const loaded = must<S, unknown>('precondition', (state) => state.session.signedIn, () => 'No saved game is loaded. Load it first.');
const roomExists = exists<S, { room_id: string }>('place', (state) => state.rooms, (args) => args.room_id);
const itemExists = <A>(read: (args: A) => string): Need<S, A> => exists('item', (state) => state.items, read);
const doorExists = exists<S, { door_id: string }>('door', (state) => state.doors, (args) => args.door_id);
const guardianExists = exists<S, { guardian_id: string }>('guardian', (state) => state.guardians, (args) => args.guardian_id);
const knows = <A>(who: string, names: (state: S) => string[], read: (args: A) => string): Need<S, A> =>
  must('not_found', (state, args) => names(state).some((name) => sameName(name, read(args))), (args) => `There is no ${who} \`${read(args)}\`.`);
const carriesMaterial = <A>(read: (args: A) => string): Need<S, A> =>
  must('precondition', (state, args) => rowOf(state.items, read(args)).kind !== 'key' && rowOf(state.items, read(args)).place === 'pack', (args) => `\`${read(args)}\` is no herb or ore in the pack.`);

const inPack = (state: S): [string, S['items'][string]][] => rowsOf(state.items, (item) => item.place === 'pack');
const named = (names: readonly string[], name: string): number => names.findIndex((one) => sameName(one, name));
const recipeOf = (state: S, mentor: number): string => `RP-${hiddenCode(state.salt, `recipe/${mentor}`, 6)}`;
const placeNamed = (state: S, name: string): string | undefined => findId(Object.fromEntries(Object.entries(state.rooms).slice(0, PLACES_NAMED)), (room) => sameName(room.name, name));

// ---- the game and its places ----

const loadGame = tool({
  name: 'load_game',
  about: 'Load the saved game of a hero. Whatever the hero does needs this.',
  in: z.strictObject({ hero_name: ref('hero_name', 'Name of the hero'), save_phrase: ref('save_phrase', 'Phrase of the saved game') }),
  out: z.object({ chapter: z.string().describe('Chapter the hero is in'), hours_played: z.int().describe('Hours played so far') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.hero.name, args.hero_name), (args) => `There is no hero \`${args.hero_name}\`.`),
    must('precondition', (state, args) => state.hero.phrase === args.save_phrase, () => 'The phrase does not belong to this hero.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'chapter');
    return { chapter: rng.pick(['The Drowned Road', 'A Debt of Feathers', 'Nine Cold Hearths', 'The Tollkeeper']), hours_played: rng.int(11, 90) };
  },
});

const heroStatus = tool({
  name: 'hero_status',
  about: 'Show the gold of the hero, what is worn, what the pack holds and which treasures are still to be sold.',
  in: z.strictObject({}),
  out: z.object({
    gold: z.int().describe('Gold pieces'),
    wears: z.string().describe('Gear that is worn'),
    pack: z.array(z.object({ item_id: itemId('Id of the item'), name: z.string().describe('Name of the item'), kind: z.enum(ITEM_KINDS).describe('Kind of item') })).describe('What the pack holds'),
    treasures: z.array(z.object({ treasure_id: treasureId, treasure_name: z.string().describe('Name of the treasure') })).describe('The treasures that were not sold'),
  }),
  needs: [loaded],
  run: ({ state }) => ({
    gold: state.hero.gold,
    wears: rowOf(state.gear, state.hero.gear).name,
    pack: inPack(state).map(([item_id, { name, kind }]) => ({ item_id, name, kind })),
    treasures: rowsOf(state.treasures, (treasure) => !treasure.sold).map(([treasure_id, { name }]) => ({ treasure_id, treasure_name: name })),
  }),
});

const findPlace = tool({
  name: 'find_place',
  about: 'Find a place by its name.',
  in: z.strictObject({ place_name: ref('place_name', 'Name of the place') }),
  out: z.object({ room_id: roomId, steps_away: z.int().describe('Steps to get there'), light: z.string().describe('Light at the place') }),
  needs: [must('not_found', (state, args) => placeNamed(state, args.place_name) !== undefined, (args) => `Nobody knows a place called \`${args.place_name}\`.`)],
  run: ({ state }, args) => {
    const room_id = placeNamed(state, args.place_name) as string;
    const rng = derived(state, `place/${room_id}`);
    return { room_id, steps_away: rng.int(40, 900), light: rng.pick(['torchlight', 'moonlight', 'glowing moss', 'darkness']) };
  },
});

const askVillager = tool({
  name: 'ask_villager',
  about: 'Ask a villager for a place that is on no map, and for the chamber whose door stands open there.',
  in: z.strictObject({ villager_name: ref('villager_name', 'Name of the villager') }),
  out: z.object({ room_id: roomId, chamber_id: chamberId, told_name: z.string().describe('Name of the place'), rumour: z.string().describe('What is said about it') }),
  needs: [knows('villager', (state) => state.villagers, (args) => args.villager_name)],
  run: ({ state }, args) => {
    const room_id = Object.keys(state.rooms)[PLACES_NAMED + named(state.villagers, args.villager_name)] as string;
    const { chamber } = Object.values(state.doors).find((door) => door.room === room_id) as S['doors'][string];
    return { room_id, chamber_id: chamber, told_name: rowOf(state.rooms, room_id).name, rumour: derived(state, `rumour/${room_id}`).pick(['it hums at noon', 'no bird lands there', 'the water runs uphill', 'someone still lights the lamps']) };
  },
});

const searchPlace = tool({
  name: 'search_place',
  about: 'Search a place for items that can be picked up.',
  in: z.strictObject({ room_id: roomId }),
  out: z.object({
    minutes_spent: z.int().describe('Minutes the search took'),
    items: z.array(z.object({ item_id: itemId('Id of the item'), name: z.string().describe('Name of the item'), kind: z.enum(ITEM_KINDS).describe('Kind of item') })).describe('The items that lie there'),
  }),
  needs: [roomExists],
  run: ({ state }, args) => ({
    minutes_spent: derived(state, `search/${args.room_id}`).int(11, 50),
    items: rowsOf(state.items, (item) => item.room === args.room_id && item.place === 'room').map(([item_id, { name, kind }]) => ({ item_id, name, kind })),
  }),
});

const pickUp = tool({
  name: 'pick_up',
  about: `Pick up an item and put it into the pack, which has room for ${PACK_SIZE}.`,
  in: z.strictObject({ item_id: itemId('Id of the item, as given by search_place') }),
  out: z.object({ name: z.string().describe('Name of the item'), weight: z.number().describe('Weight of the item, in pounds') }),
  writes: ['items'],
  needs: [
    loaded,
    itemExists((args) => args.item_id),
    must('conflict', (state, args) => rowOf(state.items, args.item_id).place === 'room', (args) => `Item \`${args.item_id}\` has been picked up.`),
    must('conflict', (state) => inPack(state).length < PACK_SIZE, () => 'The pack is full.'),
  ],
  run: ({ state }, args) => {
    const item = rowOf(state.items, args.item_id);
    item.place = 'pack';
    return { name: item.name, weight: derived(state, `weight/${args.item_id}`).int(2, 95) / 10 };
  },
});

// ---- doors ----

const listDoors = tool({
  name: 'list_doors',
  about: 'List the doors of a place with the colour of their locks.',
  in: z.strictObject({ room_id: roomId }),
  out: z.object({ doors: z.array(z.object({ door_id: doorId, lock_colour: z.enum(COLOURS).describe('Colour of the lock'), open: z.boolean().describe('Whether it is open') })).describe('The doors') }),
  needs: [roomExists],
  run: ({ state }, args) => ({ doors: rowsOf(state.doors, (door) => door.room === args.room_id).map(([door_id, { colour, open }]) => ({ door_id, lock_colour: colour, open })) }),
});

const readInscription = tool({
  name: 'read_inscription',
  about: 'Read what is carved beside a door: the rune that opens it, and by whom and when it was carved.',
  in: z.strictObject({ door_id: doorId }),
  out: z.object({ rune_word: runeWord, carved_by: z.string().describe('Who carved it'), carved_in_year: z.int().describe('Year in which it was carved') }),
  needs: [doorExists],
  run: ({ state }, args) => {
    const rng = derived(state, `carved/${args.door_id}`);
    return { rune_word: runeOf(state, args.door_id), carved_by: rng.pick(['the first smiths', 'a monk of the fen', 'the drowned queen', 'nobody knows']), carved_in_year: rng.int(112, 780) };
  },
});

const doorOfRune = (state: S, rune: string): string | undefined => Object.keys(state.doors).find((door) => runeOf(state, door) === rune);

const unlockDoor = tool({
  name: 'unlock_door',
  about: 'Unlock a door by the rune carved beside it. The hero has to carry a key of its colour.',
  in: z.strictObject({ rune_word: runeWord }),
  out: z.object({ chamber_id: chamberId, draught: z.string().describe('What comes out of the chamber'), depth: z.int().describe('Steps down into the chamber') }),
  writes: ['doors'],
  needs: [
    loaded,
    must('not_found', (state, args) => doorOfRune(state, args.rune_word) !== undefined, (args) => `The rune \`${args.rune_word}\` opens nothing.`),
    must('conflict', (state, args) => !rowOf(state.doors, doorOfRune(state, args.rune_word) as string).open, () => 'The door is open already.'),
    must(
      'precondition',
      (state, args) => inPack(state).some(([, item]) => item.colour === rowOf(state.doors, doorOfRune(state, args.rune_word) as string).colour),
      (args, state) => `This takes a ${rowOf(state.doors, doorOfRune(state, args.rune_word) as string).colour} key in the pack.`,
    ),
  ],
  run: ({ state }, args) => {
    const door = rowOf(state.doors, doorOfRune(state, args.rune_word) as string);
    door.open = true;
    const rng = derived(state, `chamber/${door.chamber}`);
    return { chamber_id: door.chamber, draught: rng.pick(['cold air', 'the smell of resin', 'a low song', 'warm dust']), depth: rng.int(11, 77) };
  },
});

// ---- gear ----

const consultMentor = tool({
  name: 'consult_mentor',
  about: 'Ask a mentor for a recipe by which gear is made from two materials.',
  in: z.strictObject({ mentor_name: ref('mentor_name', 'Name of the mentor') }),
  out: z.object({ recipe_id: recipeId, makes: z.string().describe('What the recipe makes'), hours: z.int().describe('Hours it takes') }),
  needs: [knows('mentor', (state) => state.mentors, (args) => args.mentor_name)],
  run: ({ state }, args) => {
    const mentor = named(state.mentors, args.mentor_name);
    return { recipe_id: recipeOf(state, mentor), makes: gearMade(state, mentor), hours: derived(state, `hours/${mentor}`).int(11, 40) };
  },
});

const gearMade = (state: S, mentor: number): string => derived(state, `makes/${mentor}`).pick(mentor === 0 ? ['war lantern', 'briar shield', 'hook spear'] : ['bell hammer', 'reed bow', 'salt blade']);
const mentorOfRecipe = (state: S, recipe: string): number => state.mentors.findIndex((_, mentor) => recipeOf(state, mentor) === recipe);

const craftGear = tool({
  name: 'craft_gear',
  about: 'Make a piece of gear by a recipe from two materials in the pack, herbs or ores, which are used up.',
  in: z.strictObject({ recipe_id: recipeId, first_material: itemId('Id of a herb or ore'), second_material: itemId('Id of another herb or ore') }),
  out: z.object({ gear_id: gearId, gear_name: z.string().describe('Name of the gear'), power: z.int().describe('Power of the gear') }),
  writes: ['items', 'gear'],
  needs: [
    loaded,
    must('not_found', (state, args) => mentorOfRecipe(state, args.recipe_id) >= 0, (args) => `There is no recipe \`${args.recipe_id}\`.`),
    itemExists((args) => args.first_material),
    itemExists((args) => args.second_material),
    must('precondition', (_state, args) => args.first_material !== args.second_material, () => 'Gear takes two different materials.'),
    carriesMaterial((args) => args.first_material),
    carriesMaterial((args) => args.second_material),
  ],
  run: ({ state, id }, args) => {
    const [first, second] = [rowOf(state.items, args.first_material), rowOf(state.items, args.second_material)];
    [first.place, second.place] = ['used', 'used'];
    const gear_id = id('GR', `${args.recipe_id}/${args.first_material}/${args.second_material}`, state.gear);
    const gear = { name: `${second.name} ${gearMade(state, mentorOfRecipe(state, args.recipe_id))}`, power: derived(state, `power/${gear_id}`).int(44, 96) };
    state.gear[gear_id] = gear;
    return { gear_id, gear_name: gear.name, power: gear.power };
  },
});

const wearGear = tool({
  name: 'wear_gear',
  about: 'Let the hero wear a piece of gear in place of the one before.',
  in: z.strictObject({ gear_id: gearId }),
  out: z.object({ taken_off: z.string().describe('Gear that was taken off'), speed: z.int().describe('Speed of the hero with it') }),
  writes: ['hero'],
  needs: [loaded, exists('gear', (state) => state.gear, (args) => args.gear_id), must('conflict', (state, args) => state.hero.gear !== args.gear_id, () => 'The hero wears this already.')],
  run: ({ state }, args) => {
    const taken_off = rowOf(state.gear, state.hero.gear).name;
    state.hero.gear = args.gear_id;
    return { taken_off, speed: derived(state, `speed/${args.gear_id}`).int(21, 88) };
  },
});

// ---- guardians and loot ----

const scoutChamber = tool({
  name: 'scout_chamber',
  about: 'Scout the chamber behind an open door for its guardian.',
  in: z.strictObject({ chamber_id: chamberId }),
  out: z.object({ guardian_id: guardianId, guardian_name: z.string().describe('Name of the guardian'), strength: z.int().describe('Strength of the guardian') }),
  needs: [must('not_found', (state, args) => findId(state.doors, (door) => door.chamber === args.chamber_id && door.open) !== undefined, (args) => `There is no open chamber \`${args.chamber_id}\`.`)],
  run: ({ state }, args) => {
    const guardian_id = findId(state.guardians, (guardian) => guardian.chamber === args.chamber_id) as string;
    const { name, strength } = rowOf(state.guardians, guardian_id);
    return { guardian_id, guardian_name: name, strength };
  },
});

const fightGuardian = tool({
  name: 'fight_guardian',
  about: 'Fight a guardian. The gear the hero wears needs at least the strength of the guardian. It leaves a chest.',
  in: z.strictObject({ guardian_id: guardianId }),
  out: z.object({ chest_id: chestId, blows: z.int().describe('Blows the fight took'), wounds: z.int().describe('Wounds of the hero') }),
  writes: ['guardians', 'chests'],
  needs: [
    loaded,
    guardianExists,
    must('conflict', (state, args) => !rowOf(state.guardians, args.guardian_id).beaten, () => 'The guardian has been beaten.'),
    must('precondition', (state, args) => rowOf(state.gear, state.hero.gear).power >= rowOf(state.guardians, args.guardian_id).strength, (args, state) => `The guardian has a strength of ${rowOf(state.guardians, args.guardian_id).strength}, the gear a power of ${rowOf(state.gear, state.hero.gear).power}.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.guardians, args.guardian_id).beaten = true;
    const chest_id = id('CX', args.guardian_id, state.chests);
    state.chests[chest_id] = { guardian: args.guardian_id, open: false };
    const rng = derived(state, `fight/${args.guardian_id}`);
    return { chest_id, blows: rng.int(11, 60), wounds: rng.int(0, 15) };
  },
});

const openChest = tool({
  name: 'open_chest',
  about: 'Open the chest of a beaten guardian, once, and take gold and treasure.',
  in: z.strictObject({ chest_id: chestId }),
  out: z.object({ treasure_id: treasureId, treasure_name: z.string().describe('Name of the treasure'), gold_found: z.int().describe('Gold pieces found') }),
  writes: ['hero', 'chests', 'treasures'],
  needs: [loaded, exists('chest', (state) => state.chests, (args) => args.chest_id), must('conflict', (state, args) => !rowOf(state.chests, args.chest_id).open, (args) => `Chest \`${args.chest_id}\` is empty.`)],
  run: ({ state, id }, args) => {
    rowOf(state.chests, args.chest_id).open = true;
    const rng = derived(state, `chest/${args.chest_id}`);
    const treasure_name = `${rng.pick(['cracked', 'gilded', 'weeping', 'silent'])} ${rng.pick(['crown', 'astrolabe', 'chalice', 'music box', 'mask'])}`;
    const gold_found = rng.int(15, 140);
    const treasure_id = id('TR', args.chest_id, state.treasures);
    state.treasures[treasure_id] = { chest: args.chest_id, name: treasure_name, sold: false };
    state.hero.gold += gold_found;
    return { treasure_id, treasure_name, gold_found };
  },
});

const sellTreasure = tool({
  name: 'sell_treasure',
  about: 'Sell a treasure to a trader, once. Traders pay differently.',
  in: z.strictObject({ treasure_id: treasureId, trader_name: ref('trader_name', 'Name of the trader') }),
  out: z.object({ price: z.int().describe('Gold pieces paid'), gold_now: z.int().describe('Gold pieces the hero has now') }),
  writes: ['hero', 'treasures'],
  needs: [
    loaded,
    exists('treasure', (state) => state.treasures, (args) => args.treasure_id),
    knows('trader', (state) => state.traders, (args) => args.trader_name),
    must('conflict', (state, args) => !rowOf(state.treasures, args.treasure_id).sold, (args) => `Treasure \`${args.treasure_id}\` has been sold.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.treasures, args.treasure_id).sold = true;
    const price = derived(state, `price/${args.treasure_id}/${named(state.traders, args.trader_name)}`).int(60, 420);
    state.hero.gold += price;
    return { price, gold_now: state.hero.gold };
  },
});

/** The tools of the game, as a player's companion would be given them. */
export const questTools: readonly DomainTool<S>[] = [
  loadGame, heroStatus, findPlace, askVillager, searchPlace, pickUp, listDoors, readInscription, unlockDoor, consultMentor, craftGear,
  wearGear, scoutChamber, fightGuardian, openChest, sellTreasure,
];
