// A world of your own in one file: bee yards, hives and batches of honey. State is one JSON document made from a seed;
// tools are small functions on a draft of it. `npx hardgen world check --file examples/worlds/own/campaign.yaml` proves it.
import { addDays, createRng, day, defineDomain, exists, hiddenCode, must, notPast, ref, rowOf, rowsOf, seeding, text, toolsOn, z } from 'hardgen-temporal/worlds';

const state = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  yards: z.record(z.string(), z.strictObject({ place: z.string(), keeper: z.string(), open: z.boolean() })),
  hives: z.record(z.string(), z.strictObject({ yard: z.string(), colour: z.string(), grams: z.int().min(0) })),
  batches: z.record(z.string(), z.strictObject({ hive: z.string(), grams: z.int().min(1), label: z.string().nullable(), pickup: z.string().nullable() })),
});

const PLACES = ['Thornfold', 'Lower Marrick', 'Saltwick Heath', 'Pell Orchard', 'Gorsebank', 'Old Quarry Lane'];
const COLOURS = ['amber', 'teal', 'white', 'plum', 'slate'];
const LABELS = ['Late Linden', 'Heather and Smoke', 'First of the Year', 'Grandmother’s Clover'];

function init(seed) {
  const { salt, today, rng, faker, some, table } = seeding('honey', seed);
  const yards = table('Y', some(PLACES, 4), (place) => ({ place, keeper: faker.person.fullName(), open: false }));
  const places = Object.keys(yards).flatMap((yard) => some(COLOURS, 3).map((colour) => ({ yard, colour })));
  const hives = table('H', places, ({ yard, colour }) => ({ yard, colour, grams: rng.int(40, 190) * 100 }));
  return { salt, today, yards, hives, batches: {} };
}

// What a user could say. Yard codes, hive ids and batch numbers are not here: they have to be looked up.
function known({ salt, today, yards }) {
  const rng = createRng(`${salt}/known`);
  const [first, second] = rng.shuffle(LABELS);
  const [home, other, third] = Object.values(yards).map(({ place }) => place);
  return [
    { name: 'home_place', value: home, about: 'the place where the user keeps bees', entity: 'place' },
    { name: 'other_place', value: other, about: 'the place where the user looks after a neighbour’s bees', entity: 'place' },
    { name: 'third_place', value: third, about: 'the place where the user has rented a bee yard', entity: 'place' },
    { name: 'label', value: first, about: 'the name the user wants on the jars', params: ['label'] },
    { name: 'other_label', value: second, about: 'another name the user likes for honey', params: ['label'] },
    { name: 'pickup_day', value: addDays(today, rng.int(2, 9)), about: 'the day on which the user can come by', entity: 'date' },
  ];
}

const tool = toolsOn();
const yardCode = ref('yard_code', 'Code of the bee yard');
const hiveId = ref('hive_id', 'Identifier of the hive');
const batchNumber = ref('batch_number', 'Number of the batch of honey');
const yardExists = exists('bee yard', (all) => all.yards, (args) => args.yard_code);
const batchExists = exists('batch', (all) => all.batches, (args) => args.batch_number);

const findYard = tool({
  name: 'find_yard',
  about: 'Find the bee yard of a place.',
  in: z.strictObject({ place: ref('place', 'Name of the place') }),
  out: z.object({ yard_code: yardCode, keeper: z.string().describe('Who keeps the yard') }),
  needs: [must('not_found', (all, { place }) => Object.values(all.yards).some((yard) => yard.place === place), ({ place }) => `There is no bee yard at ${place}.`)],
  run: ({ state: all }, { place }) => {
    const [yard_code, { keeper }] = rowsOf(all.yards, (yard) => yard.place === place)[0];
    return { yard_code, keeper };
  },
});

const listHives = tool({
  name: 'list_hives',
  about: 'List the hives of a bee yard with the honey that is ripe in them.',
  in: z.strictObject({ yard_code: yardCode }),
  out: z.object({
    hives: z.array(z.object({ hive_id: hiveId, colour: z.string().describe('Colour of the hive'), ripe_grams: z.int().describe('Ripe honey, in grams') })).describe('The hives'),
  }),
  needs: [yardExists],
  run: ({ state: all }, { yard_code }) => ({
    hives: rowsOf(all.hives, (hive) => hive.yard === yard_code).map(([hive_id, { colour, grams }]) => ({ hive_id, colour, ripe_grams: grams })),
  }),
});

const lightSmoker = tool({
  name: 'light_smoker',
  about: 'Light the smoker in a bee yard: no hive there can be opened without.',
  in: z.strictObject({ yard_code: yardCode }),
  out: z.object({ minutes: z.int().describe('How long the smoke lasts, in minutes') }),
  writes: ['yards'],
  needs: [yardExists, must('conflict', (all, { yard_code }) => !all.yards[yard_code].open, ({ yard_code }) => `The smoker of yard \`${yard_code}\` is burning already.`)],
  run: ({ state: all }, { yard_code }) => {
    rowOf(all.yards, yard_code).open = true;
    return { minutes: createRng(`${all.salt}/smoke/${yard_code}`).int(22, 75) };
  },
});

const harvest = tool({
  name: 'harvest_hive',
  about: 'Take half of the ripe honey out of a hive, where the smoker burns.',
  in: z.strictObject({ hive_id: hiveId }),
  out: z.object({ batch_number: batchNumber, grams: z.int().describe('Honey taken, in grams') }),
  writes: ['hives', 'batches'],
  needs: [
    exists('hive', (all) => all.hives, (args) => args.hive_id),
    must('precondition', (all, { hive_id }) => all.yards[all.hives[hive_id].yard].open, () => 'The bees are wide awake. Light the smoker of their yard first.'),
    must('precondition', (all, { hive_id }) => all.hives[hive_id].grams >= 2000, () => 'There is too little ripe honey in this hive.'),
  ],
  run: ({ state: all, id }, { hive_id }) => {
    const hive = rowOf(all.hives, hive_id);
    const grams = Math.floor(hive.grams / 2);
    const batch_number = id('BT', hive_id, all.batches);
    hive.grams -= grams;
    all.batches[batch_number] = { hive: hive_id, grams, label: null, pickup: null };
    return { batch_number, grams };
  },
});

const fillJars = tool({
  name: 'fill_jars',
  about: 'Fill a batch of honey into jars of 250 grams with a label.',
  in: z.strictObject({ batch_number: batchNumber, label: text('Name on the jars') }),
  out: z.object({ jars: z.int().describe('Number of jars'), lot_code: z.string().describe('Lot code printed on them') }),
  writes: ['batches'],
  needs: [batchExists, must('conflict', (all, args) => all.batches[args.batch_number].label === null, (args) => `Batch \`${args.batch_number}\` is in jars already.`)],
  run: ({ state: all }, { batch_number, label }) => {
    const batch = rowOf(all.batches, batch_number);
    batch.label = label;
    return { jars: Math.floor(batch.grams / 250), lot_code: hiddenCode(all.salt, `lot/${batch_number}/${label}`, 6) };
  },
});

const bookPickup = tool({
  name: 'book_pickup',
  about: 'Book a day on which the jars of a batch are picked up.',
  in: z.strictObject({ batch_number: batchNumber, date: day('Day of the pickup, as YYYY-MM-DD') }),
  out: z.object({ gate: z.string().describe('Gate at which the jars wait'), opens: z.string().describe('When the gate opens') }),
  writes: ['batches'],
  needs: [batchExists, must('precondition', (all, args) => all.batches[args.batch_number].label !== null, () => 'This batch is not in jars yet.'), notPast((args) => args.date, 30)],
  run: ({ state: all }, { batch_number, date }) => {
    const rng = createRng(`${all.salt}/gate/${batch_number}/${date}`);
    rowOf(all.batches, batch_number).pickup = date;
    return { gate: rng.pick(['Willow Gate', 'Hollow Gate', 'Brick Gate']), opens: `0${rng.int(7, 9)}:${rng.int(10, 59)}` };
  },
});

export default defineDomain({
  name: 'honey',
  version: '1.0.0',
  policy: 'You help beekeepers with their yards and their honey. Look codes up; never guess them. A hive is opened only where the smoker burns, and jars are picked up once they are filled.',
  state,
  init,
  known,
  tools: [findYard, listHives, lightSmoker, harvest, fillJars, bookPickup],
});
