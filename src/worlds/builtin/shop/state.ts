import { z } from 'zod';
import { addDays } from '../calendar';
import { seeding, type Seeding } from '../seeding';

const product = z.strictObject({ type: z.string(), title: z.string(), material: z.string(), rating: z.number(), grams: z.int() });
const variant = z.strictObject({
  product: z.string(),
  colour: z.string(),
  size: z.string(),
  priceCents: z.int().min(1),
  stock: z.int().min(0),
  /** All that ever came in: what is in stock and what orders hold. */
  received: z.int().min(0),
});
const basket = z.strictObject({ recipient: z.string(), lines: z.record(z.string(), z.int().min(1)), voucher: z.string().nullable(), ordered: z.boolean() });
const deliveryQuote = z.strictObject({ basket: z.string(), destination: z.string(), goodsCents: z.int().min(1), deliveryCents: z.int().min(0), arrives: z.iso.date() });
const item = z.strictObject({ variant: z.string(), quantity: z.int().min(1), paidCents: z.int().min(0) });

export const ORDER_STATUSES = ['processing', 'shipped', 'delivered', 'cancelled'] as const;
const order = z.strictObject({
  recipient: z.string(),
  placedOn: z.iso.date(),
  arrives: z.iso.date(),
  status: z.enum(ORDER_STATUSES),
  totalCents: z.int().min(0),
  items: z.record(z.string(), item),
});
const returned = z.strictObject({ item: z.string(), refundCents: z.int().min(0), collectionOn: z.iso.date().nullable() });

/** Everything there is in the shop. */
export const shopStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  customer: z.strictObject({ email: z.string(), passphrase: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  account: z.strictObject({ creditCents: z.int().min(0) }),
  products: z.record(z.string(), product),
  variants: z.record(z.string(), variant),
  pickupPoints: z.record(z.string(), z.strictObject({ district: z.string(), keeper: z.string(), opensAt: z.string() })),
  addresses: z.record(z.string(), z.strictObject({ street: z.string(), postcode: z.string() })),
  vouchers: z.record(z.string(), z.strictObject({ percentOff: z.int(), minimumCents: z.int(), usedIn: z.string().nullable() })),
  baskets: z.record(z.string(), basket),
  quotes: z.record(z.string(), deliveryQuote),
  orders: z.record(z.string(), order),
  returns: z.record(z.string(), returned),
});

export type ShopState = z.output<typeof shopStateSchema>;
export type Order = z.output<typeof order>;

const TYPES = ['tent', 'storm lantern', 'rucksack', 'camp stove', 'sleeping bag', 'rain jacket', 'folding chair', 'trekking pole', 'dry bag', 'hammock'];
const LINES = ['Moorland', 'Skerry', 'Driftwood', 'Tarn', 'Gannet', 'Bracken', 'Fellside', 'Cairn', 'Lichen', 'Saltmarsh', 'Whinberry', 'Guillemot'];
const MATERIALS = ['waxed canvas', 'recycled nylon', 'aluminium', 'bamboo', 'ripstop cotton', 'stainless steel', 'hemp'];
const COLOURS = ['moss', 'rust', 'slate', 'saffron', 'plum', 'sand', 'teal'];
const SIZES = ['small', 'medium', 'large'];
const DISTRICTS = ['Tannery Quarter', 'Eelgate', 'Upper Wicks', 'Foundry Reach', 'Saint Orla', 'Marlpit', 'Ferrier Green'];

/** Product types, recipients and districts that a user of the seed may speak of, in the order of the facts. */
export const SHOP_TYPES = 3;
export const RETURN_DAYS = 30;

/** A seed's shop: nine products, a customer with store credit and with four orders in different statuses. */
export function initShop(seed: number): ShopState {
  const make = seeding('shop', seed);
  const { rng, faker, some, table, code } = make;
  const types = some(TYPES, SHOP_TYPES);
  const titles = some(LINES, types.length * 3);
  const products = table('P', titles, (line, at) => {
    const type = types[Math.floor(at / 3)] as string;
    return { type, title: `${line} ${type}`, material: rng.pick(MATERIALS), rating: rng.int(31, 49) / 10, grams: rng.int(18, 240) * 10 };
  });
  const variants = table('V', Object.keys(products).flatMap((id) => some(COLOURS, 3).map((colour) => ({ id, colour }))), ({ id, colour }) => {
    const stock = rng.pick([0, 2, 3, 5, 8, 12]);
    return { product: id, colour, size: rng.pick(SIZES), priceCents: rng.int(38, 390) * 50, stock, received: stock };
  });
  const first = faker.person.firstName();
  const last = faker.person.lastName();
  const state: ShopState = {
    salt: make.salt,
    today: make.today,
    customer: { email: `${first}.${last}@kittimail.example`.toLowerCase().replace(/[^a-z.@]/g, ''), passphrase: `${faker.word.adjective()}-${faker.word.noun()}-${rng.int(11, 99)}`, name: `${first} ${last}` },
    session: { signedIn: false },
    account: { creditCents: rng.int(260, 620) * 100 },
    products,
    variants,
    pickupPoints: table('D', some(DISTRICTS, 4), (district) => ({ district, keeper: faker.company.name(), opensAt: rng.pick(['07:15', '08:00', '08:45', '09:30']) })),
    addresses: {},
    vouchers: { [code('KITE', 'voucher', 5)]: { percentOff: rng.pick([8, 12, 15]), minimumCents: 4000, usedIn: null } },
    baskets: {},
    quotes: {},
    orders: {},
    returns: {},
  };
  return { ...state, orders: initOrders(make, state) };
}

/** Orders placed before the conversation: in processing, on its way, delivered lately, delivered too long ago to be returned. */
function initOrders({ rng, code, some }: Seeding, state: ShopState): ShopState['orders'] {
  const past = [
    { status: 'processing', age: rng.int(0, 1) },
    { status: 'shipped', age: rng.int(3, 5) },
    { status: 'delivered', age: rng.int(9, 20) },
    { status: 'delivered', age: rng.int(50, 80) },
  ] as const;
  return Object.fromEntries(past.map(({ status, age }, at) => {
    const placedOn = addDays(state.today, -age);
    const items = Object.fromEntries(some(Object.keys(state.variants), 2).map((id) => {
      const variant = state.variants[id] as ShopState['variants'][string];
      const quantity = rng.int(1, 2);
      variant.received += quantity;
      return [code('I', `${at}/${id}`), { variant: id, quantity, paidCents: variant.priceCents * quantity }];
    }));
    const totalCents = Object.values(items).reduce((sum, one) => sum + one.paidCents, 490);
    return [code('O', at), { recipient: state.customer.name, placedOn, arrives: addDays(placedOn, 6), status, totalCents, items }];
  }));
}

const held = (state: ShopState, variant: string): number =>
  Object.values(state.orders)
    .filter((one) => one.status !== 'cancelled')
    .flatMap((one) => Object.values(one.items))
    .filter((one) => one.variant === variant)
    .reduce((sum, one) => sum + one.quantity, 0);

/** What no sequence of calls may break. */
export const SHOP_INVARIANTS: { [rule: string]: (state: ShopState) => boolean } = {
  'what came in is in stock or in an order': (state) => Object.entries(state.variants).every(([id, one]) => one.stock >= 0 && one.stock + held(state, id) === one.received),
  'a voucher is in one basket': (state) => Object.entries(state.vouchers).every(([code, one]) => {
    const takers = Object.keys(state.baskets).filter((id) => state.baskets[id]?.voucher === code);
    return takers.length <= 1 && one.usedIn === (takers[0] ?? null);
  }),
  'an item is returned once': (state) => new Set(Object.values(state.returns).map((one) => one.item)).size === Object.keys(state.returns).length,
  'a recipient has one open basket': (state) => {
    const open = Object.values(state.baskets).filter((one) => !one.ordered).map((one) => one.recipient);
    return new Set(open).size === open.length;
  },
};
