import { z } from 'zod';
import { addDays } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

export const PERILS = ['storm', 'theft', 'water', 'fire'] as const;
export const CLAIM_STATUSES = ['open', 'contested', 'assessing', 'assessed', 'offered', 'paid'] as const;

/** What the insurer wants to see for each peril. */
export const DOCUMENTS = {
  storm: ['weather report', 'photographs'],
  theft: ['police report', 'proof of purchase'],
  water: ['plumber report', 'photographs'],
  fire: ['fire brigade report', 'list of losses'],
} as const;

const policy = z.strictObject({ thing: z.string(), premiumCents: z.int(), renewsOn: z.iso.date() });
const coverage = z.strictObject({ policy: z.string(), peril: z.enum(PERILS), limitCents: z.int(), deductibleCents: z.int(), paidCents: z.int().min(0) });

const claim = z.strictObject({
  coverage: z.string(),
  incidentOn: z.iso.date(),
  estimateCents: z.int().min(1),
  status: z.enum(CLAIM_STATUSES),
  /** Everybody who was appointed, the latest last. */
  assessors: z.array(z.string()),
  /** The running or last assessment. */
  assessment: z.string().nullable(),
  assessedCents: z.int().nullable(),
  offer: z.strictObject({ id: z.string(), cents: z.int().min(1) }).nullable(),
  contested: z.boolean(),
  /** The claim of the same incident on which the deductible is charged. */
  linkedTo: z.string().nullable(),
});

const request = z.strictObject({ claim: z.string(), kind: z.string(), file: z.string().nullable() });

/** An insurer as one policy holder sees it. */
export const claimsStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  holder: z.strictObject({ number: z.string(), born: z.iso.date(), name: z.string(), city: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  policies: z.record(z.string(), policy),
  coverages: z.record(z.string(), coverage),
  assessors: z.record(z.string(), z.strictObject({ name: z.string(), city: z.string() })),
  claims: z.record(z.string(), claim),
  requests: z.record(z.string(), request),
});

export type ClaimsState = z.output<typeof claimsStateSchema>;

const THINGS = ['campervan', 'town house', 'grand piano', 'sailing dinghy', 'garden workshop', 'bicycle collection', 'market stall', 'beehives'];
const CITIES = ['Brockhaven', 'Ellisport', 'Tarnwick', 'Saint Orla', 'Muirfield Cross'];
const ASSESSORS_PER_CITY = 2;

/** Three policies; claims in every state, two of them from one storm. Assessors work in three cities. */
export function initClaims(seed: number): ClaimsState {
  const { salt, today, rng, faker, some, code, table } = seeding('claims', seed);
  const policies = table('PO', some(THINGS, 3), (thing) => ({ thing, premiumCents: rng.int(180, 900) * 100, renewsOn: addDays(today, rng.int(20, 300)) }));
  const covered = Object.keys(policies).flatMap((id, at) => PERILS.filter((_, peril) => peril !== at + 1).map((peril) => ({ id, peril })));
  const coverages = table('CV', covered, ({ id, peril }) => ({ policy: id, peril, limitCents: rng.int(40, 120) * 10_000, deductibleCents: rng.int(2, 9) * 5000, paidCents: 0 }));
  const coverageOf = (id: string): ClaimsState['coverages'][string] => coverages[id] as ClaimsState['coverages'][string];
  const of = (peril: string, which: number): string => Object.keys(coverages).filter((id) => coverages[id]?.peril === peril)[which] as string;
  const cities = some(CITIES, 3);
  const assessors = table('AS', cities.flatMap((city) => Array.from({ length: ASSESSORS_PER_CITY }, () => city)), (city) => ({ name: faker.person.fullName(), city }));
  const stormDay = addDays(today, -rng.int(6, 14));
  const kinds = [
    { coverage: of('storm', 0), incidentOn: stormDay, status: 'open' }, { coverage: of('storm', 1), incidentOn: stormDay, status: 'open' },
    { coverage: of('theft', 0), incidentOn: addDays(today, -18), status: 'assessed' }, { coverage: of('fire', 1), incidentOn: addDays(today, -25), status: 'offered' },
    { coverage: of('water', 0), incidentOn: addDays(today, -90), status: 'paid' },
  ] as const;
  const claims: ClaimsState['claims'] = table('CL', kinds, ({ coverage: id, incidentOn, status }, at) => {
    const estimateCents = rng.int(12, 38) * 10_000;
    const cents = estimateCents - rng.int(5, 40) * 500 - coverageOf(id).deductibleCents;
    const offer = status === 'offered' || status === 'paid' ? { id: code('OF', at), cents } : null;
    return { coverage: id, incidentOn, estimateCents, status, assessors: status === 'open' ? [] : [Object.keys(assessors)[at] as string], assessment: null, assessedCents: status === 'open' ? null : estimateCents - 2500, offer, contested: false, linkedTo: null };
  });
  const settled = Object.values(claims).find((one) => one.status === 'paid') as ClaimsState['claims'][string];
  coverageOf(settled.coverage).paidCents = settled.offer?.cents as number;
  // Of the first claim nothing has come in yet; the others are complete.
  const wanted = Object.entries(claims).flatMap(([id, one], at) => DOCUMENTS[coverageOf(one.coverage).peril].map((kind) => ({ id, kind, isThere: at > 0 })));
  return {
    salt, today, policies, coverages, assessors, claims,
    holder: { number: `HN-${rng.int(300_000, 969_999)}`, born: `19${rng.int(61, 99)}-0${rng.int(1, 9)}-${rng.int(10, 28)}`, name: faker.person.fullName(), city: cities[0] as string },
    session: { signedIn: false },
    requests: table('DQ', wanted, ({ id, kind, isThere }) => ({ claim: id, kind, file: isThere ? `${kind.replaceAll(' ', '-')}.pdf` : null })),
  };
}

/** What a coverage can still pay when all offers under way are accepted. */
export const leftOf = ({ coverages, claims }: ClaimsState, id: string): number =>
  (coverages[id]?.limitCents ?? 0) - (coverages[id]?.paidCents ?? 0) - sumOf(Object.values(claims).filter((one) => one.coverage === id && one.status === 'offered'), (one) => one.offer?.cents ?? 0);

export const CLAIMS_INVARIANTS: { [rule: string]: (state: ClaimsState) => boolean } = {
  'no coverage promises or pays more than its limit': (state) => Object.keys(state.coverages).every((id) => leftOf(state, id) >= 0),
  'what a coverage has paid are its paid claims': ({ coverages, claims }) =>
    Object.entries(coverages).every(([id, { paidCents }]) => paidCents === sumOf(Object.values(claims).filter((one) => one.coverage === id && one.status === 'paid'), (one) => one.offer?.cents ?? 0)),
  'an offer follows documents and an assessment': ({ claims, requests }) =>
    Object.entries(claims).every(([id, { status, assessedCents }]) => !['offered', 'paid'].includes(status) || (assessedCents !== null && Object.values(requests).every((one) => one.claim !== id || one.file !== null))),
  'nobody assesses a claim twice': ({ claims }) => Object.values(claims).every(({ assessors }) => new Set(assessors).size === assessors.length),
  'a linked claim shares its day with one that is not linked itself': ({ claims }) =>
    Object.values(claims).every(({ linkedTo, incidentOn }) => linkedTo === null || (claims[linkedTo]?.incidentOn === incidentOn && claims[linkedTo]?.linkedTo === null)),
};
