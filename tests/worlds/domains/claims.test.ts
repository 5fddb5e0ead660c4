import { createClaimsWorld } from '../../../src/worlds/builtin/claims';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createClaimsWorld();

async function verified(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('verify_holder', { holder_number: chat.say.holder_number as string, birth_date: chat.say.birth_date as string });
  return chat;
}

/** A new claim for storm damage, and an assessor of the city where it can be seen. */
async function opened() {
  const chat = await verified();
  const { ask, get, say } = chat;
  const policy_id = await get('find_policy', 'policy_id', { insured_thing: say.dearest_thing as string });
  const coverage = await ask('check_coverage', { policy_id, peril: 'storm' });
  const incident = { coverage_code: coverage.coverage_code as string, estimated_damage: say.damage_estimate as string };
  const claim_id = await get('open_claim', 'claim_id', { ...incident, incident_date: say.incident_day as string });
  const assessors = rowsIn(await ask('find_assessors', { city: say.damage_city as string }), 'assessors').map((one) => one.assessor_id as string);
  return { ...chat, policy_id, coverage, incident, claim_id, assessors };
}

async function assess({ ask, get }: Talk, claim_id: string, assessor_id: string): Promise<number> {
  const assessment_id = await get('appoint_assessor', 'assessment_id', { claim_id, assessor_id });
  return (await ask('file_assessment', { assessment_id })).assessed_damage as number;
}

describe('claims', () => {
  test('a damage is covered, claimed, documented, assessed, offered and paid', async () => {
    const chat = await opened();
    const { ask, attempt, say, coverage, claim_id, assessors } = chat;
    const assessed = await assess(chat, claim_id, assessors[0] as string);
    expect(await attempt('make_offer', { claim_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('weather report') });
    const missing = rowsIn(await ask('list_missing_documents', { claim_id }), 'documents');
    for (const [at, { request_id }] of missing.entries()) {
      expect((await ask('submit_document', { request_id: request_id as string, file_name: say.first_file as string })).still_missing).toBe(missing.length - 1 - at);
    }
    const offer = await ask('make_offer', { claim_id });
    expect(offer.offered_amount).toBeCloseTo(Math.min(assessed, coverage.left_of_limit as number) - (coverage.deductible as number), 2);
    expect((await ask('accept_offer', { offer_id: offer.offer_id as string, bank_account: say.main_account as string })).amount_paid).toBe(offer.offered_amount);
    expect(await attempt('contest_offer', { offer_id: offer.offer_id as string, reason: 'damage_underrated' })).toMatchObject({ fault: 'conflict' });
  });

  test('nothing about policies is told to a stranger, and not every peril is covered', async () => {
    const stranger = await talkTo(world);
    expect(await stranger.attempt('list_policies')).toMatchObject({ fault: 'precondition' });
    const { attempt, get, say } = await verified();
    const policy_id = await get('find_policy', 'policy_id', { insured_thing: say.dearest_thing as string });
    expect(await attempt('check_coverage', { policy_id, peril: 'theft' })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('does not cover') });
  });

  test('an incident is claimed once and within thirty days', async () => {
    const { attempt, say, incident } = await opened();
    expect(await attempt('open_claim', { ...incident, incident_date: say.incident_day as string })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('open_claim', { ...incident, incident_date: '2030-01-01' })).toMatchObject({ fault: 'precondition' });
  });

  test('a contested claim is assessed by somebody else, and contested only once', async () => {
    const chat = await opened();
    const { ask, attempt, get, assessors } = chat;
    const claim_id = rowWith(await ask('list_claims'), 'claims', { status: 'assessed' }).claim_id as string;
    const offer_id = await get('make_offer', 'offer_id', { claim_id });
    await ask('contest_offer', { offer_id, reason: 'damage_underrated' });
    expect(await attempt('accept_offer', { offer_id, bank_account: chat.say.main_account as string })).toMatchObject({ fault: 'not_found' });
    const before = rowsIn(await ask('find_assessors', { city: chat.say.home_city as string }), 'assessors').map((one) => one.assessor_id as string);
    const refusals = [];
    for (const assessor_id of [...before, ...assessors]) refusals.push(await attempt('appoint_assessor', { claim_id, assessor_id }));
    expect(refusals.filter((one) => one.ok)).toHaveLength(1);
  });

  test('the two claims of one storm are linked, and the second is free of its deductible', async () => {
    const { ask, attempt } = await verified();
    const list = rowsIn(await ask('list_claims'), 'claims');
    const [main, further] = list.filter((one) => one.peril === 'storm').map((one) => one.claim_id as string) as [string, string];
    expect((await ask('link_claims', { main_claim: main, further_claim: further })).deductible_saved).toBeGreaterThan(0);
    expect(await attempt('link_claims', { main_claim: further, further_claim: main })).toMatchObject({ fault: 'conflict' });
    const other = list.find((one) => one.peril === 'theft')?.claim_id as string;
    expect(await attempt('link_claims', { main_claim: main, further_claim: other })).toMatchObject({ fault: 'precondition' });
  });
});
