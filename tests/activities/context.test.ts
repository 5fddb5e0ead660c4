import { resolveModel } from '../../src/activities/context';
import type { Manifest } from '../../src/core/campaign/manifest';

const manifest = (simulator: object): Manifest => ({ campaign: { simulator, models: { endpoints: {} } } }) as unknown as Manifest;
const timeoutOf = (simulator: object): number => resolveModel({ manifest: manifest(simulator), use: 'sim', simulatorUrl: 'http://127.0.0.1:1/v1' }).endpoint.timeoutSeconds;

describe('the time limit of a simulated reply', () => {
  it('is the one of the campaign file', () => expect(timeoutOf({ timeoutSeconds: 7 })).toBe(7));
  it('is 120 s for a manifest of before there was such a setting', () => expect(timeoutOf({ latencyMs: 0, faults: 'none' })).toBe(120));
});
