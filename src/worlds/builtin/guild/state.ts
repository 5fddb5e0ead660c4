import { z } from 'zod';
import { rowOf } from '../combinators';
import { seeding, type Seeding } from '../seeding';

const caravan = z.strictObject({ name: z.string(), leader: z.string(), sacks: z.int().min(1), /** The post where it stands; nowhere while it travels. */ at: z.string().nullable() });
const quote = z.strictObject({ merchant: z.string(), sacks: z.int().min(1), perSack: z.int().min(1), pressed: z.int().min(0), cargo: z.string().nullable() });
const order = z.strictObject({ post: z.string(), ware: z.string(), sacks: z.int().min(1), reward: z.int().min(1), reputation: z.int().min(0), seal: z.string().nullable() });

/** The game as one member of the guild sees it. Silver and sacks are whole numbers. */
export const guildStateSchema = z.strictObject({
  salt: z.string(),
  member: z.strictObject({ name: z.string(), mark: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  purse: z.strictObject({ silver: z.int(), openedWith: z.int(), spent: z.int().min(0), earned: z.int().min(0) }),
  standing: z.strictObject({ reputation: z.int(), startedWith: z.int() }),
  posts: z.record(z.string(), z.strictObject({ name: z.string(), warden: z.string(), stables: z.int() })),
  roads: z.record(z.string(), z.strictObject({ from: z.string(), to: z.string(), name: z.string(), days: z.int(), toll: z.int() })),
  merchants: z.record(z.string(), z.strictObject({ name: z.string(), post: z.string(), ware: z.string(), perSack: z.int(), patience: z.int() })),
  caravans: z.record(z.string(), caravan),
  quotes: z.record(z.string(), quote),
  cargoes: z.record(z.string(), z.strictObject({ caravan: z.string(), ware: z.string(), left: z.int() })),
  journeys: z.record(z.string(), z.strictObject({ caravan: z.string(), road: z.string(), over: z.boolean() })),
  orders: z.record(z.string(), order),
  seals: z.record(z.string(), z.strictObject({ order: z.string(), points: z.int().min(1), entered: z.boolean() })),
});

export type GuildState = z.output<typeof guildStateSchema>;
export type Order = z.output<typeof order>;

/** Reputation from which a member holds a rank. */
export const RANKS = [{ name: 'apprentice', from: 0 }, { name: 'journeyman', from: 40 }, { name: 'trader', from: 80 }, { name: 'roadmaster', from: 140 }] as const;

// All invented, but for what is in the sacks.
export const WARES = ['indigo cloth', 'beeswax', 'glass beads', 'tin ingots', 'cedar oil', 'smoked eel', 'rock salt'];
const POSTS = ['Emberford', 'Tallow Cross', 'Kesh Landing', 'Marrow Gate', 'Sunder Rock', 'Vellin', 'Ninewells'];
const CARAVANS = ['Grey Heron', 'Lucky Thimble', 'Red Awning', 'Slow Tortoise', 'Morning Bell', 'Patchwork'];
const ROADS = ['Heron Pass', 'Barge Canal', 'Old Salt Road', 'Pilgrim Stairs', 'Dry Riverbed', 'Charcoal Woods'];
const MARKS = ['quill', 'anvil', 'sickle', 'compass', 'spindle', 'anchor'];
const POSTS_IN_GAME = 4;

/** Four posts with three merchants and three orders each, two roads from each to each, and three caravans, two of them with cargo. */
export function initGuild(seed: number): GuildState {
  const s = seeding('guild', seed);
  const posts = s.table('PS', s.some(POSTS, POSTS_IN_GAME), (name) => ({ name, warden: s.faker.person.fullName(), stables: s.rng.int(11, 60) }));
  const ids = Object.keys(posts);
  const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).flatMap((to) => s.some(ROADS, 2).map((name) => ({ from, to, name }))));
  const stalls = ids.flatMap((post) => s.some(WARES, 3).map((ware) => ({ post, ware })));
  const silver = s.rng.int(40, 80) * 10;
  const reputation = s.rng.int(18, 36);
  return {
    salt: s.salt, posts,
    member: { name: s.faker.person.fullName(), mark: `${s.rng.pick(MARKS)} and ${s.rng.int(3, 99)} stars` },
    session: { signedIn: false },
    purse: { silver, openedWith: silver, spent: 0, earned: 0 },
    standing: { reputation, startedWith: reputation },
    roads: s.table('RD', pairs, (row) => ({ ...row, days: s.rng.int(2, 19), toll: s.rng.int(2, 18) })),
    merchants: s.table('MC', stalls, (row) => ({ ...row, name: s.faker.person.fullName(), perSack: s.rng.int(9, 28), patience: s.rng.int(1, 3) })),
    ...initCaravans(s, ids),
    quotes: {}, journeys: {}, seals: {},
  };
}

/** The second caravan carries what the post where it stands has ordered; the third what the first post has. */
function initCaravans(s: Seeding, posts: string[]): Pick<GuildState, 'caravans' | 'cargoes' | 'orders'> {
  const caravans = s.table('CV', s.some(CARAVANS, 3), (name, at) => ({ name, leader: s.faker.person.fullName(), sacks: s.rng.int(9, 16), at: posts[at] as string }));
  const [, second, third] = Object.keys(caravans) as [string, string, string];
  const wanted = posts.flatMap((post) => s.some(WARES, 3).map((ware, at) => ({ post, ware, at })));
  const orders = s.table('OR', wanted, ({ post, ware, at }) => ({ post, ware, sacks: s.rng.int(2, 4), reward: s.rng.int(50, 140), reputation: at === 2 ? 40 : 0, seal: null }));
  const wareAt = (post: string | undefined): string => wanted.find((one) => one.post === post)?.ware as string;
  const cargoes = s.table('CG', [{ caravan: second, ware: wareAt(posts[1]) }, { caravan: third, ware: wareAt(posts[0]) }], (row) => ({ ...row, left: s.rng.int(4, 6) }));
  return { caravans, orders, cargoes };
}

/** Sacks that a caravan carries. */
export const carriedBy = (state: GuildState, caravanId: string): number =>
  Object.values(state.cargoes).filter((row) => row.caravan === caravanId).reduce((sum, { left }) => sum + left, 0);

export const guildInvariants: { [rule: string]: (state: GuildState) => boolean } = {
  'the purse is what it opened with, less what was spent, and what was earned': ({ purse }) => purse.silver >= 0 && purse.silver === purse.openedWith - purse.spent + purse.earned,
  'what was earned is the rewards of filled orders': ({ purse, orders }) => purse.earned === Object.values(orders).filter(({ seal }) => seal !== null).reduce((sum, { reward }) => sum + reward, 0),
  'no caravan carries more than it can': (state) => Object.entries(state.caravans).every(([id, { sacks }]) => carriedBy(state, id) <= sacks),
  'no cargo is less than nothing': ({ cargoes }) => Object.values(cargoes).every(({ left }) => left >= 0),
  'a caravan stands at a post unless it is on one journey': (state) =>
    Object.entries(state.caravans).every(([id, { at }]) => Object.values(state.journeys).filter((row) => row.caravan === id && !row.over).length === (at === null ? 1 : 0)),
  'reputation is what it began with and the seals that were entered': ({ standing, seals }) =>
    standing.reputation === standing.startedWith + Object.values(seals).filter(({ entered }) => entered).reduce((sum, { points }) => sum + points, 0),
  'an order and its seal name each other': ({ orders, seals }) =>
    Object.entries(seals).every(([id, seal]) => rowOf(orders, seal.order).seal === id) && Object.values(orders).every(({ seal }) => seal === null || Object.hasOwn(seals, seal)),
};
