import { z } from 'zod';
import { addDays } from '../calendar';
import { seeding, type Seeding } from '../seeding';

export const COURSES = ['starter', 'main', 'dessert', 'drink'] as const;
const dish = z.strictObject({ name: z.string(), course: z.enum(COURSES), priceCents: z.int().min(1), minutes: z.int(), made: z.int(), left: z.int().min(0) });

export const TAB_STATUSES = ['open', 'billed', 'paid'] as const;
const tab = z.strictObject({ guest: z.string(), table: z.string().nullable(), status: z.enum(TAB_STATUSES) });
const line = z.strictObject({ tab: z.string(), dish: z.string(), portions: z.int().min(1), ticket: z.string().nullable() });
const bill = z.strictObject({ tab: z.string(), totalCents: z.int().min(0), giftCard: z.string().nullable(), dueCents: z.int().min(0), paid: z.boolean() });

/** Everything there is in the restaurant. */
export const restaurantStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  waiter: z.strictObject({ code: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  dishes: z.record(z.string(), dish),
  tables: z.record(z.string(), z.strictObject({ spot: z.string(), seats: z.int() })),
  reservations: z.record(z.string(), z.strictObject({ guest: z.string(), date: z.iso.date(), time: z.string(), party: z.int(), seated: z.boolean() })),
  giftCards: z.record(z.string(), z.strictObject({ issuedCents: z.int(), leftCents: z.int().min(0) })),
  tabs: z.record(z.string(), tab),
  lines: z.record(z.string(), line),
  tickets: z.record(z.string(), z.strictObject({ tab: z.string(), served: z.boolean() })),
  bills: z.record(z.string(), bill),
});

export type RestaurantState = z.output<typeof restaurantStateSchema>;

const MENU: { [course in (typeof COURSES)[number]]: string[] } = {
  starter: ['Nettle Broth', 'Smoked Eel on Rye', 'Beetroot Terrine', 'Whipped Curd and Radish', 'Mussels in Cider'],
  main: ['Samphire Risotto', 'Lamb Neck with Barley', 'Hake in Brown Butter', 'Chard Dumplings', 'Rabbit and Leek Pie'],
  dessert: ['Quince Tart', 'Burnt Honey Custard', 'Plum Semolina', 'Rhubarb Fool'],
  drink: ['Elderflower Press', 'Rowan Tonic', 'Dry Perry', 'Birch Lemonade'],
};
const SPOTS = ['by the fireplace', 'in the bay window', 'under the stairs', 'at the open kitchen', 'on the terrace', 'in the alcove', 'beside the piano'];
const GUESTS = ['Aurelie Stannard', 'Bertram Okonjo', 'Clementine Voss', 'Dashiell Moor', 'Evadne Pryce', 'Fergus Lindahl', 'Giselle Tarrant', 'Horatio Bex'];

/** Guests the waiter knows by name; the last one's reservation is for tomorrow. */
export const GUESTS_KNOWN = 3;

/** A seed's evening: eight dishes, five tables, three reservations, and three tabs of guests who came earlier. */
export function initRestaurant(seed: number): RestaurantState {
  const make = seeding('restaurant', seed);
  const { rng, faker, some, table, code, today } = make;
  const menu = COURSES.flatMap((course) => some(MENU[course], course === 'main' ? 3 : 2).map((name) => ({ course, name })));
  const guests = some(GUESTS, GUESTS_KNOWN + 3);
  const state: RestaurantState = {
    salt: make.salt,
    today,
    waiter: { code: `CS${rng.int(100, 999)}`, pin: String(rng.int(1000, 9999)), name: faker.person.fullName() },
    session: { signedIn: false },
    dishes: table('DI', menu, ({ course, name }) => {
      const made = rng.int(9, 18);
      return { name, course, priceCents: rng.int(course === 'main' ? 30 : 9, course === 'main' ? 58 : 22) * 50, minutes: rng.int(4, 38), made, left: made };
    }),
    tables: table('TB', some(SPOTS, 6), (spot, at) => ({ spot, seats: [2, 4, 6, 8, 4, 2][at] as number })),
    reservations: table('RS', guests.slice(0, GUESTS_KNOWN), (guest, at) => ({ guest, date: addDays(today, at === 2 ? 1 : 0), time: rng.pick(['18:15', '18:45', '19:30', '20:00', '20:45']), party: rng.int(2, 4) + at, seated: false })),
    giftCards: { [code('GIFT', 'card', 5)]: { issuedCents: 0, leftCents: rng.int(10, 40) * 100 } },
    tabs: {},
    lines: {},
    tickets: {},
    bills: {},
  };
  for (const card of Object.values(state.giftCards)) card.issuedCents = card.leftCents;
  return { ...state, ...initTabs(make, state, guests.slice(GUESTS_KNOWN)) };
}

/** A tab that waits to be sent, one in the kitchen and one that has been served, two of them at tables. */
function initTabs({ rng, some, code }: Seeding, state: RestaurantState, guests: string[]): Pick<RestaurantState, 'tabs' | 'lines' | 'tickets'> {
  const made: Pick<RestaurantState, 'tabs' | 'lines' | 'tickets'> = { tabs: {}, lines: {}, tickets: {} };
  const tables = Object.keys(state.tables);
  for (const [at, guest] of guests.entries()) {
    const id = code('OT', at);
    const ticket = at === 0 ? null : code('KT', at);
    made.tabs[id] = { guest, table: at === 0 ? null : (tables[3 + at] as string), status: 'open' };
    if (ticket !== null) made.tickets[ticket] = { tab: id, served: at === 2 };
    for (const dishId of some(Object.keys(state.dishes), 2)) {
      const portions = rng.int(1, 3);
      (state.dishes[dishId] as RestaurantState['dishes'][string]).left -= portions;
      made.lines[code('LI', `${at}/${dishId}`)] = { tab: id, dish: dishId, portions, ticket };
    }
  }
  return made;
}

const ordered = (state: RestaurantState, dishId: string): number => Object.values(state.lines).filter((one) => one.dish === dishId).reduce((sum, one) => sum + one.portions, 0);

/** The tab at a table, as long as it is not paid. */
export const tabAt = (state: RestaurantState, table: string): string | undefined => Object.keys(state.tabs).find((id) => state.tabs[id]?.table === table && state.tabs[id]?.status !== 'paid');

/** What no sequence of calls may break. */
export const RESTAURANT_INVARIANTS: { [rule: string]: (state: RestaurantState) => boolean } = {
  'portions are left or on a tab': (state) => Object.entries(state.dishes).every(([id, one]) => one.left + ordered(state, id) === one.made),
  'a table has one party': (state) => {
    const taken = Object.values(state.tabs).filter((one) => one.table !== null && one.status !== 'paid').map((one) => one.table);
    return new Set(taken).size === taken.length;
  },
  'bills are made of what was served': (state) => Object.values(state.bills).every((one) => Object.values(state.lines).filter((row) => row.tab === one.tab).every((row) => row.ticket !== null && state.tickets[row.ticket]?.served === true)),
  'gift cards pay for bills': (state) => Object.entries(state.giftCards).every(([code, one]) => {
    const spent = Object.values(state.bills).filter((row) => row.giftCard === code).reduce((sum, row) => sum + row.totalCents - row.dueCents, 0);
    return one.leftCents + spent === one.issuedCents;
  }),
  'a tab has one bill, and is paid when that is': (state) => Object.entries(state.tabs).every(([id, one]) => {
    const own = Object.values(state.bills).filter((row) => row.tab === id);
    return own.length === (one.status === 'open' ? 0 : 1) && own.every((row) => row.paid === (one.status === 'paid'));
  }),
};
