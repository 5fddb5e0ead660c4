import { z } from 'zod';
import { hiddenCode } from '../domain';
import { seeding } from '../seeding';

export const COLOURS = ['copper', 'jade', 'bone'] as const;
export const ITEM_KINDS = ['key', 'herb', 'ore'] as const;

const item = z.strictObject({ room: z.string(), name: z.string(), kind: z.enum(ITEM_KINDS), colour: z.enum(COLOURS).nullable(), place: z.enum(['room', 'pack', 'used']) });
const guardian = z.strictObject({ chamber: z.string(), name: z.string(), strength: z.int(), beaten: z.boolean() });

/** The whole game. A door leads to one chamber, a chamber has one guardian, and a beaten guardian leaves one chest. */
export const questSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  hero: z.strictObject({ name: z.string(), phrase: z.string(), gold: z.int().min(0), gear: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  villagers: z.array(z.string()),
  mentors: z.array(z.string()),
  traders: z.array(z.string()),
  rooms: z.record(z.string(), z.strictObject({ name: z.string() })),
  items: z.record(z.string(), item),
  doors: z.record(z.string(), z.strictObject({ room: z.string(), colour: z.enum(COLOURS), chamber: z.string(), open: z.boolean() })),
  guardians: z.record(z.string(), guardian),
  gear: z.record(z.string(), z.strictObject({ name: z.string(), power: z.int() })),
  chests: z.record(z.string(), z.strictObject({ guardian: z.string(), open: z.boolean() })),
  treasures: z.record(z.string(), z.strictObject({ chest: z.string().nullable(), name: z.string(), sold: z.boolean() })),
});

export type QuestState = z.output<typeof questSchema>;

export const PACK_SIZE = 12;
/** The user names the first places; villagers tell of the others. */
export const PLACES_NAMED = 3;

const ROOMS = ['Rookery of Ash', 'Sunken Granary', 'Hall of Spindles', 'Moss Stair', 'Blind Lantern', 'Cistern of Reeds', 'Tinker Vault'];
const VILLAGERS = ['Old Marrow', 'Pim the Ferryman', 'Widow Thrush', 'Gaffer Nettle', 'Lark of the Mill'];
const MENTORS = ['Master Quillon', 'Dame Ferrule', 'Brother Anvil', 'Sister Crucible'];
const TRADERS = ['Bezzle', 'Mother Tally', 'Corwin Scales', 'The Grey Pedlar'];
const HEROES = ['Ysolt', 'Brannoch', 'Kestra', 'Oderic', 'Tamarisk', 'Wulfen'];
const WORDS = ['willow', 'anvil', 'thistle', 'raven', 'cinder', 'brook', 'mantle'];
const HERBS = ['moonwort', 'bitterbell', 'foxglass', 'emberleaf', 'stillroot'];
const ORES = ['skysteel', 'gloomiron', 'sunbrass', 'frostlead', 'veinsilver'];
const KEEPSAKES = ['pewter flute', 'amber comb', 'ivory die', 'velvet map'];
const GUARDIANS = ['Stone Heron', 'Rust Knight', 'Choir of Moths', 'Glass Boar', 'Hollow Miller'];

/** The initial state of a seed: old gear, a key, two materials and two old treasures; five places with a key, a herb, an ore and a door to a guarded chamber, locked in those that the user can name. */
export function initQuest(seed: number): QuestState {
  const { salt, today, rng, some, code, table } = seeding('quest', seed);
  const rooms = table('RM', some(ROOMS, 5), (name) => ({ name }));
  const state: QuestState = {
    salt, today, rooms,
    hero: { name: rng.pick(HEROES), phrase: `${rng.pick(WORDS)} ${rng.pick(WORDS)} ${rng.int(11, 99)}`, gold: rng.int(12, 60), gear: code('GR', 'old') },
    session: { signedIn: false },
    villagers: some(VILLAGERS, 2), mentors: some(MENTORS, 2), traders: some(TRADERS, 2),
    items: {}, doors: {}, guardians: {}, chests: {},
    gear: { [code('GR', 'old')]: { name: `rusty ${rng.pick(['cleaver', 'sling', 'pitchfork'])}`, power: rng.int(34, 42) } },
    treasures: table('TR', some(KEEPSAKES, 2), (name) => ({ chest: null, name, sold: false })),
  };
  const [herbs, ores, guardians] = [some(HERBS, 5), some(ORES, 5), some(GUARDIANS, 5)];
  Object.keys(rooms).forEach((room, at) => {
    const colour = rng.pick(COLOURS);
    const chamber = code('CB', at);
    const add = (kind: QuestState['items'][string]['kind'], name: string): void => { state.items[code('IT', `${at}/${kind}`)] = { room, name, kind, colour: kind === 'key' ? colour : null, place: 'room' }; };
    add('key', `${colour} key`);
    add('herb', herbs[at] as string);
    add('ore', ores[at] as string);
    state.doors[code('DR', at)] = { room, colour, chamber, open: at >= PLACES_NAMED };
    state.guardians[code('GD', at)] = { chamber, name: guardians[at] as string, strength: at < PLACES_NAMED ? rng.int(36, 60) : rng.int(18, 33), beaten: false };
  });
  // The hero woke up in the first place, with the key of its door.
  const { room: start, colour } = Object.values(state.doors)[0] as QuestState['doors'][string];
  state.items[code('IT', 'pack/key')] = { room: start, name: `old ${colour} key`, kind: 'key', colour, place: 'pack' };
  state.items[code('IT', 'pack/herb')] = { room: start, name: 'dried yarrow', kind: 'herb', colour: null, place: 'pack' };
  state.items[code('IT', 'pack/ore')] = { room: start, name: 'lump of tin', kind: 'ore', colour: null, place: 'pack' };
  return state;
}

/** The word that opens a door; it is carved beside it. */
export const runeOf = (state: QuestState, door: string): string => `RUNE-${hiddenCode(state.salt, `rune/${door}`, 5)}`;

const packed = (state: QuestState): QuestState['items'][string][] => Object.values(state.items).filter((one) => one.place === 'pack');

export const questInvariants = {
  'the pack holds no more than it has room for': (state: QuestState): boolean => packed(state).length <= PACK_SIZE,
  'a guardian is beaten only behind an open door': (state: QuestState): boolean =>
    Object.values(state.guardians).every((one) => !one.beaten || Object.values(state.doors).some((door) => door.chamber === one.chamber && door.open)),
  'a chest stands where a guardian was beaten, a treasure comes from an open chest': (state: QuestState): boolean =>
    Object.values(state.chests).every((one) => state.guardians[one.guardian]?.beaten === true) && Object.values(state.treasures).every((one) => one.chest === null || state.chests[one.chest]?.open === true),
  'the hero wears gear that there is, and all but the first was made of two materials': (state: QuestState): boolean =>
    state.gear[state.hero.gear] !== undefined && Object.values(state.items).filter((one) => one.place === 'used').length === 2 * (Object.keys(state.gear).length - 1),
};
