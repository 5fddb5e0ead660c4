import { defineDomain, exists, findId, must, ref, rowOf, rowsOf, seeding, toolsOn, z } from 'hardgen-temporal/worlds';

// The state is one JSON document, made from a seed.
const state = z.strictObject({ salt: z.string(), boats: z.record(z.string(), z.strictObject({ name: z.string(), hire: z.string().nullable() })) });
function init(seed) {
  const { salt, some, table } = seeding('boats', seed);
  return { salt, boats: table('B', some(['Wren', 'Old Tom', 'Marigold', 'Quickstep', 'Pelican', 'Sorrel'], 4), (name) => ({ name, hire: null })) };
}
// What a user could say; boat ids are not here, so they have to be looked up.
const known = ({ boats }) => Object.values(boats).slice(0, 3).map(({ name }, at) => ({ name: `boat_${at}`, value: name, about: 'a boat the user likes', entity: 'boat_name' }));

const tool = toolsOn();
const boatId = ref('boat_id', 'Identifier of the boat'), hireId = ref('hire_id', 'Identifier of the hire');
const hired = (boats, hire) => findId(boats, (boat) => boat.hire === hire);

const findBoat = tool({
  name: 'find_boat', about: 'Find a boat by its name.',
  in: z.strictObject({ name: ref('boat_name', 'Name of the boat') }), out: z.object({ boat_id: boatId }),
  needs: [must('not_found', ({ boats }, { name }) => rowsOf(boats, (boat) => boat.name === name).length > 0, ({ name }) => `There is no boat ${name}.`)],
  run: ({ state: { boats } }, { name }) => ({ boat_id: rowsOf(boats, (boat) => boat.name === name)[0][0] }),
});
const hireBoat = tool({
  name: 'hire_boat', about: 'Hire a boat that lies at the jetty.',
  in: z.strictObject({ boat_id: boatId }), out: z.object({ hire_id: hireId }),
  writes: ['boats'],
  needs: [exists('boat', ({ boats }) => boats, (args) => args.boat_id), must('conflict', ({ boats }, args) => boats[args.boat_id].hire === null, (args) => `Boat \`${args.boat_id}\` is out.`)],
  run: ({ state: { boats }, id }, { boat_id }) => ({ hire_id: (rowOf(boats, boat_id).hire = id('H', boat_id, {})) }),
});
const returnBoat = tool({
  name: 'return_boat', about: 'Bring a hired boat back.',
  in: z.strictObject({ hire_id: hireId }), out: z.object({ back: z.string().describe('Name of the boat that is back') }),
  writes: ['boats'],
  needs: [must('not_found', ({ boats }, { hire_id }) => hired(boats, hire_id) !== undefined, ({ hire_id }) => `There is no hire \`${hire_id}\`.`)],
  run: ({ state: { boats } }, { hire_id }) => {
    const boat = rowOf(boats, hired(boats, hire_id)); // a row is taken before it is written
    boat.hire = null;
    return { back: boat.name };
  },
});

export default defineDomain({ name: 'boats', version: '1', policy: 'You hire out boats. Look ids up; never guess one.', state, init, known, tools: [findBoat, hireBoat, returnBoat] });
