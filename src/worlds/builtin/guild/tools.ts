import { z } from 'zod';
import { createRng } from '../../../core/random';
import { enough, findId, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { carriedBy, RANKS, WARES, type GuildState, type Order } from './state';

const tool = toolsOn<GuildState>();

// ---- fields that several tools share ----

const postId = (description: string): z.ZodString => ref('post_id', description);
const postName = (description: string): z.ZodString => ref('post_name', description);
const roadId = ref('road_id', 'Code of a road from one post to another, as given by find_roads');
const merchantId = ref('merchant_id', 'Code of a merchant, as given by list_merchants');
const quoteId = ref('quote_id', "Code of a merchant's quote, as given by open_haggle");
const caravanId = ref('caravan_id', 'Code of a caravan of the member, as given by find_caravan');
const cargoId = ref('cargo_id', 'Code of a cargo on a caravan');
const journeyId = ref('journey_id', 'Code of a journey, as given by send_caravan');
const orderId = ref('order_id', 'Code of an order, as given by read_notice_board');
const sealCode = ref('delivery_seal', 'Seal for a filled order, as given by fill_order');
const wareName = ref('ware_name', 'Name of the ware');
const silver = (description: string): z.ZodInt => z.int().min(0).describe(`${description}, in silver`);
const sacksOf = (description: string): z.ZodInt => z.int().describe(`${description}, in sacks`);
const rank = z.enum(RANKS.map(({ name }) => name)).describe('Rank in the guild');

// ---- needs ----

type OfPost = { post_id: string };
type OfQuote = { quote_id: string };
type OfCaravan = { caravan_id: string };

const marked = signedIn<GuildState>();
const postExists = <A>(read: (args: A) => string): Need<GuildState, A> => exists('post', (state) => state.posts, read);
const onePost = postExists<OfPost>((args) => args.post_id);
const quoteExists = exists<GuildState, OfQuote>('quote', (state) => state.quotes, (args) => args.quote_id);
const quoteOpen = must<GuildState, OfQuote>('conflict', (state, args) => rowOf(state.quotes, args.quote_id).cargo === null, (args) => `Quote \`${args.quote_id}\` has become a deal.`);
const caravanExists = exists<GuildState, OfCaravan>('caravan', (state) => state.caravans, (args) => args.caravan_id);
const silverFor = <A>(takes: (args: A, state: GuildState) => number): Need<GuildState, A> => enough('the purse', 'silver', (state) => state.purse.silver, takes);

/** The caravan stands at the post that the arguments lead to. */
const standsAt = <A>(caravan: (state: GuildState, args: A) => string, post: (state: GuildState, args: A) => string): Need<GuildState, A> =>
  must('precondition', (state, args) => rowOf(state.caravans, caravan(state, args)).at === post(state, args), (args, state) => {
    const { name, at } = rowOf(state.caravans, caravan(state, args));
    return `${name} ${at === null ? 'is on the road' : `stands at ${rowOf(state.posts, at).name}`}; this takes a caravan at ${rowOf(state.posts, post(state, args)).name}.`;
  });

// ---- reading the state ----

const costOf = (state: GuildState, quote: string): number => rowOf(state.quotes, quote).sacks * rowOf(state.quotes, quote).perSack;
const rankOf = (reputation: number): (typeof RANKS)[number]['name'] => (RANKS.findLast(({ from }) => reputation >= from) ?? RANKS[0]).name;

function pay(state: GuildState, amount: number): void {
  state.purse.silver -= amount;
  state.purse.spent += amount;
}

// ---- the member ----

const showGuildMark = tool({
  name: 'show_guild_mark',
  about: "Show the member's name and guild mark at the gate. Haggling, caravans, orders and the member's standing are closed before.",
  in: z.strictObject({ member_name: ref('member_name', 'Name of the member'), guild_mark: ref('guild_mark', 'Guild mark of the member') }),
  out: z.object({ silver: silver('What is in the purse'), rank }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.member.name, args.member_name), (args) => `The guild has no member called \`${args.member_name}\`.`),
    must('precondition', (state, args) => state.member.mark === args.guild_mark, () => 'The mark does not belong to this member.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { silver: state.purse.silver, rank: rankOf(state.standing.reputation) };
  },
});

const showStanding = tool({
  name: 'show_standing',
  about: "Show the member's standing: reputation, rank, what is missing to the next rank, and the silver in the purse.",
  in: z.strictObject({}),
  out: z.object({ reputation: z.int().describe('Reputation of the member'), rank, points_to_next_rank: z.int().describe('Reputation missing to the next rank, 0 at the highest'), silver: silver('What is in the purse') }),
  needs: [marked],
  run: ({ state }) => {
    const { reputation } = state.standing;
    const next = RANKS.find(({ from }) => reputation < from);
    return { reputation, rank: rankOf(reputation), points_to_next_rank: next ? next.from - reputation : 0, silver: state.purse.silver };
  },
});

// ---- posts, roads and merchants ----

const postNamed = (state: GuildState, name: string): string | undefined => findId(state.posts, (row) => sameName(row.name, name));

const findPost = tool({
  name: 'find_post',
  about: 'Find a trading post by its name. Roads, merchants, rates and orders go by the code of the post.',
  in: z.strictObject({ post_name: postName('Name of the post') }),
  out: z.object({ post_id: postId('Code of the post'), warden: z.string().describe('Name of the warden of the post'), free_stables: z.int().describe('Free places in the stables') }),
  needs: [must('not_found', (state, args) => postNamed(state, args.post_name) !== undefined, (args) => `There is no post called \`${args.post_name}\`.`)],
  run: ({ state }, args) => {
    const post_id = postNamed(state, args.post_name) as string;
    const { warden, stables } = rowOf(state.posts, post_id);
    return { post_id, warden, free_stables: stables };
  },
});

const findRoads = tool({
  name: 'find_roads',
  about: 'List the roads from one post to another with days and toll.',
  in: z.strictObject({ from_post: postId('Post where the road begins'), to_post: postId('Post where the road ends') }),
  out: z.object({ roads: z.array(z.object({ road_id: roadId, road_name: z.string().describe('Name of the road'), days: z.int().describe('Days on the road'), toll: silver('Toll for a caravan') })).describe('The roads, by name') }),
  needs: [
    postExists((args) => args.from_post),
    postExists((args) => args.to_post),
    must('precondition', (_state, args) => args.from_post !== args.to_post, () => 'The road begins and ends at the same post.'),
  ],
  run: ({ state }, args) => ({
    roads: sortedBy(rowsOf(state.roads, (row) => row.from === args.from_post && row.to === args.to_post), ([, row]) => row.name).map(([road_id, { name, days, toll }]) => ({ road_id, road_name: name, days, toll })),
  }),
});

const listMerchants = tool({
  name: 'list_merchants',
  about: 'List the merchants of a post with their wares and what they ask for a sack.',
  in: z.strictObject({ post_id: postId('Code of the post') }),
  out: z.object({
    merchants: z.array(z.object({ merchant_id: merchantId, merchant_name: z.string().describe('Name of the merchant'), ware_name: wareName, asks_per_sack: silver('Price asked for a sack') })).describe('The merchants, by name'),
  }),
  needs: [onePost],
  run: ({ state }, args) => ({
    merchants: sortedBy(rowsOf(state.merchants, (row) => row.post === args.post_id), ([, row]) => row.name).map(([merchant_id, { name, ware, perSack }]) => ({ merchant_id, merchant_name: name, ware_name: ware, asks_per_sack: perSack })),
  }),
});

const askGoingRate = tool({
  name: 'ask_going_rate',
  about: 'Ask the scales of a post what a sack of a ware goes for there, and how much of it changed hands this week.',
  in: z.strictObject({ post_id: postId('Code of the post'), ware_name: wareName }),
  out: z.object({ going_rate: silver('Usual price of a sack'), sacks_traded: sacksOf('Trade of this week') }),
  needs: [onePost, must('not_found', (_state, args) => WARES.includes(args.ware_name), (args) => `Nobody trades \`${args.ware_name}\` on the nine roads.`)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/rate/${args.post_id}/${args.ware_name}`);
    return { going_rate: rng.int(8, 31), sacks_traded: rng.int(12, 240) };
  },
});

// ---- haggling ----

const openHaggle = tool({
  name: 'open_haggle',
  about: 'Open a haggle with a merchant over a number of sacks. Gives the first quote.',
  in: z.strictObject({ merchant_id: merchantId, sacks: z.int().min(1).max(8).describe('Sacks to buy') }),
  out: z.object({ quote_id: quoteId, per_sack: silver('Price of a sack'), total: silver('Price of all sacks') }),
  writes: ['quotes'],
  needs: [marked, exists('merchant', (state) => state.merchants, (args) => args.merchant_id)],
  run: ({ state, id }, args) => {
    const { perSack } = rowOf(state.merchants, args.merchant_id);
    const quote_id = id('QT', `${args.merchant_id}/${args.sacks}`, state.quotes);
    state.quotes[quote_id] = { merchant: args.merchant_id, sacks: args.sacks, perSack, pressed: 0, cargo: null };
    return { quote_id, per_sack: perSack, total: costOf(state, quote_id) };
  },
});

const pressMerchant = tool({
  name: 'press_merchant',
  about: 'Press a merchant for a lower price on a quote. A merchant gives way a few times at most.',
  in: z.strictObject({ quote_id: quoteId }),
  out: z.object({ per_sack: silver('New price of a sack'), total: silver('New price of all sacks'), answer: z.string().describe('What the merchant says') }),
  writes: ['quotes'],
  needs: [
    marked, quoteExists, quoteOpen,
    must('conflict', (state, args) => rowOf(state.quotes, args.quote_id).pressed < rowOf(state.merchants, rowOf(state.quotes, args.quote_id).merchant).patience, () => 'The merchant will not go lower.'),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.quotes, args.quote_id);
    row.pressed += 1;
    const rng = createRng(`${state.salt}/press/${args.quote_id}/${row.pressed}`);
    row.perSack = Math.max(1, row.perSack - rng.int(1, 3));
    return { per_sack: row.perSack, total: costOf(state, args.quote_id), answer: rng.pick(['You rob my children.', 'For you, and only today.', 'Tell nobody.', 'My donkey eats more than that.']) };
  },
});

const roomFor = must<GuildState, OfQuote & OfCaravan>(
  'conflict',
  (state, args) => carriedBy(state, args.caravan_id) + rowOf(state.quotes, args.quote_id).sacks <= rowOf(state.caravans, args.caravan_id).sacks,
  (args, state) => `Caravan \`${args.caravan_id}\` has room for ${rowOf(state.caravans, args.caravan_id).sacks - carriedBy(state, args.caravan_id)} more sacks.`,
);

const strikeDeal = tool({
  name: 'strike_deal',
  about: "Strike a deal at the price of a quote and load the sacks on a caravan that stands at the merchant's post.",
  in: z.strictObject({ quote_id: quoteId, caravan_id: caravanId }),
  out: z.object({ cargo_id: cargoId, paid: silver('Price paid'), silver_left: silver('What is left in the purse'), room_left: sacksOf('Room left on the caravan') }),
  writes: ['quotes', 'cargoes', 'purse'],
  needs: [
    marked, quoteExists, caravanExists, quoteOpen,
    standsAt<OfQuote & OfCaravan>((_state, args) => args.caravan_id, (state, args) => rowOf(state.merchants, rowOf(state.quotes, args.quote_id).merchant).post),
    roomFor,
    silverFor((args, state) => costOf(state, args.quote_id)),
  ],
  run: ({ state, id }, args) => {
    const row = rowOf(state.quotes, args.quote_id);
    const paid = costOf(state, args.quote_id);
    const cargo_id = id('CG', args.quote_id, state.cargoes);
    row.cargo = cargo_id;
    state.cargoes[cargo_id] = { caravan: args.caravan_id, ware: rowOf(state.merchants, row.merchant).ware, left: row.sacks };
    pay(state, paid);
    return { cargo_id, paid, silver_left: state.purse.silver, room_left: rowOf(state.caravans, args.caravan_id).sacks - carriedBy(state, args.caravan_id) };
  },
});

// ---- caravans ----

const caravanNamed = (state: GuildState, name: string): string | undefined => findId(state.caravans, (row) => sameName(row.name, name));
const NOWHERE = 'on the road';

const findCaravan = tool({
  name: 'find_caravan',
  about: "Find one of the member's caravans by its name: where it stands, who leads it, and how much room it has.",
  in: z.strictObject({ caravan_name: ref('caravan_name', 'Name of the caravan') }),
  out: z.object({
    caravan_id: caravanId,
    stands_at: z.string().describe(`Name of the post where it stands, or \`${NOWHERE}\``),
    leader: z.string().describe('Name of the leader'),
    room_left: sacksOf('Room left on the caravan'),
  }),
  needs: [marked, must('not_found', (state, args) => caravanNamed(state, args.caravan_name) !== undefined, (args) => `The member has no caravan called \`${args.caravan_name}\`.`)],
  run: ({ state }, args) => {
    const caravan_id = caravanNamed(state, args.caravan_name) as string;
    const { at, leader, sacks } = rowOf(state.caravans, caravan_id);
    return { caravan_id, stands_at: at === null ? NOWHERE : rowOf(state.posts, at).name, leader, room_left: sacks - carriedBy(state, caravan_id) };
  },
});

const CARGO_ROWS = 6;

const listCargo = tool({
  name: 'list_cargo',
  about: 'List what a caravan carries, ware by ware, with what the sacks weigh.',
  in: z.strictObject({ caravan_id: caravanId }),
  out: z.object({ cargoes: z.array(z.object({ cargo_id: cargoId, ware_name: wareName, sacks: sacksOf('Size of the cargo'), weight_kilos: z.int().describe('Weight, in kilos') })).describe('The cargoes, by ware') }),
  needs: [marked, caravanExists],
  run: ({ state }, args) => ({
    cargoes: sortedBy(rowsOf(state.cargoes, (row) => row.caravan === args.caravan_id && row.left > 0), ([, row]) => row.ware).slice(0, CARGO_ROWS)
      .map(([cargo_id, { ware, left }]) => ({ cargo_id, ware_name: ware, sacks: left, weight_kilos: left * createRng(`${state.salt}/weight/${ware}`).int(21, 64) })),
  }),
});

const sendCaravan = tool({
  name: 'send_caravan',
  about: 'Send a caravan down a road that begins where it stands. The toll is paid at once.',
  in: z.strictObject({ caravan_id: caravanId, road_id: roadId }),
  out: z.object({ journey_id: journeyId, days: z.int().describe('Days on the road'), toll_paid: silver('Toll paid'), escort: z.string().describe('Who rides along') }),
  writes: ['caravans', 'journeys', 'purse'],
  needs: [
    marked, caravanExists,
    exists('road', (state) => state.roads, (args) => args.road_id),
    must('conflict', (state, args) => rowOf(state.caravans, args.caravan_id).at !== null, (args) => `Caravan \`${args.caravan_id}\` is on a journey already.`),
    standsAt<OfCaravan & { road_id: string }>((_state, args) => args.caravan_id, (state, args) => rowOf(state.roads, args.road_id).from),
    silverFor((args, state) => rowOf(state.roads, args.road_id).toll),
  ],
  run: ({ state, id }, args) => {
    const { days, toll } = rowOf(state.roads, args.road_id);
    const journey_id = id('JN', `${args.caravan_id}/${args.road_id}`, state.journeys);
    state.journeys[journey_id] = { caravan: args.caravan_id, road: args.road_id, over: false };
    rowOf(state.caravans, args.caravan_id).at = null;
    pay(state, toll);
    return { journey_id, days, toll_paid: toll, escort: createRng(`${state.salt}/escort/${journey_id}`).pick(['two archers', 'a retired knight', 'the Dunmarrow brothers', 'a very large dog', 'nobody']) };
  },
});

const meetCaravan = tool({
  name: 'meet_caravan',
  about: 'Meet a caravan at the end of its journey. It stands at that post from then on.',
  in: z.strictObject({ journey_id: journeyId }),
  out: z.object({ stands_at: postName('Name of the post where the caravan stands'), arrived_after: z.int().describe('Days it was on the road in the end'), tale: z.string().describe('What the leader tells of the road') }),
  writes: ['caravans', 'journeys'],
  needs: [
    marked,
    exists('journey', (state) => state.journeys, (args) => args.journey_id),
    must('conflict', (state, args) => !rowOf(state.journeys, args.journey_id).over, (args) => `Journey \`${args.journey_id}\` is over; its caravan has been met.`),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.journeys, args.journey_id);
    const { to, days } = rowOf(state.roads, row.road);
    row.over = true;
    rowOf(state.caravans, row.caravan).at = to;
    const rng = createRng(`${state.salt}/tale/${args.journey_id}`);
    return { stands_at: rowOf(state.posts, to).name, arrived_after: days + rng.int(0, 4), tale: rng.pick(['a bridge was out', 'good weather all the way', 'wolves on the third night', 'a wheel broke at the ford', 'they were fined for singing']) };
  },
});

// ---- orders and reputation ----

const readNoticeBoard = tool({
  name: 'read_notice_board',
  about: 'Read the open orders of a post: which ware, how many sacks, the reward, and the reputation an order asks for.',
  in: z.strictObject({ post_id: postId('Code of the post') }),
  out: z.object({
    orders: z.array(z.object({
      order_id: orderId,
      ware_name: wareName,
      sacks: sacksOf('Size of the order'),
      reward: silver('Reward for filling it'),
      reputation_needed: z.int().describe('Reputation the member must have'),
    })).describe('The orders, by ware'),
    pinned_by: z.string().describe('Who pinned the latest note'),
  }),
  needs: [marked, onePost],
  run: ({ state }, args) => ({
    orders: sortedBy(rowsOf(state.orders, (row) => row.post === args.post_id && row.seal === null), ([, row]) => row.ware)
      .map(([order_id, { ware, sacks, reward, reputation }]) => ({ order_id, ware_name: ware, sacks, reward, reputation_needed: reputation })),
    pinned_by: rowOf(state.posts, args.post_id).warden,
  }),
});

type OfDelivery = { cargo_id: string; order_id: string };

const orderOf = (state: GuildState, args: { order_id: string }): Order => rowOf(state.orders, args.order_id);

const fillOrder = tool({
  name: 'fill_order',
  about: 'Fill an order from a cargo of the ware it names. The caravan must stand at the post of the order. Gives the reward and a delivery seal.',
  in: z.strictObject({ cargo_id: cargoId, order_id: orderId }),
  out: z.object({ delivery_seal: sealCode, reward: silver('Reward received'), sacks_left: sacksOf('What is left of the cargo') }),
  writes: ['cargoes', 'orders', 'purse', 'seals'],
  needs: [
    marked,
    exists('cargo', (state) => state.cargoes, (args) => args.cargo_id),
    exists('order', (state) => state.orders, (args) => args.order_id),
    must('conflict', (state, args) => orderOf(state, args).seal === null, (args) => `Order \`${args.order_id}\` has been filled.`),
    must('conflict', (state, args) => rowOf(state.cargoes, args.cargo_id).ware === orderOf(state, args).ware, (args, state) => `The order is for ${orderOf(state, args).ware}, the cargo is ${rowOf(state.cargoes, args.cargo_id).ware}.`),
    enough('the member', 'points of reputation', (state) => state.standing.reputation, (args, state) => orderOf(state, args).reputation),
    standsAt<OfDelivery>((state, args) => rowOf(state.cargoes, args.cargo_id).caravan, (state, args) => orderOf(state, args).post),
    enough('the cargo', 'sacks', (state, args) => rowOf(state.cargoes, args.cargo_id).left, (args, state) => orderOf(state, args).sacks),
  ],
  run: ({ state, id }, args) => {
    const order = orderOf(state, args);
    const cargo = rowOf(state.cargoes, args.cargo_id);
    const delivery_seal = id('SL', args.order_id, state.seals);
    cargo.left -= order.sacks;
    order.seal = delivery_seal;
    state.purse.silver += order.reward;
    state.purse.earned += order.reward;
    state.seals[delivery_seal] = { order: args.order_id, points: createRng(`${state.salt}/points/${args.order_id}`).int(9, 24), entered: false };
    return { delivery_seal, reward: order.reward, sacks_left: cargo.left };
  },
});

const enterSeal = tool({
  name: 'enter_seal',
  about: 'Enter a delivery seal in the guild book. The reputation of the member grows.',
  in: z.strictObject({ delivery_seal: sealCode }),
  out: z.object({ points_gained: z.int().describe('Reputation gained'), reputation: z.int().describe('Reputation of the member afterwards'), rank, page: z.int().describe('Page of the guild book') }),
  writes: ['seals', 'standing'],
  needs: [
    marked,
    exists('delivery seal', (state) => state.seals, (args) => args.delivery_seal),
    must('conflict', (state, args) => !rowOf(state.seals, args.delivery_seal).entered, (args) => `Seal \`${args.delivery_seal}\` is in the guild book already.`),
  ],
  run: ({ state }, args) => {
    const seal = rowOf(state.seals, args.delivery_seal);
    seal.entered = true;
    state.standing.reputation += seal.points;
    const { reputation } = state.standing;
    return { points_gained: seal.points, reputation, rank: rankOf(reputation), page: createRng(`${state.salt}/page/${args.delivery_seal}`).int(112, 940) };
  },
});

/** The tools of the trading game. */
export const guildTools: readonly DomainTool<GuildState>[] = [
  showGuildMark, showStanding,
  findPost, findRoads, listMerchants, askGoingRate,
  openHaggle, pressMerchant, strikeDeal,
  findCaravan, listCargo, sendCaravan, meetCaravan,
  readNoticeBoard, fillOrder, enterSeal,
];
