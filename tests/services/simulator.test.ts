import { ensureSimulator } from '../../src/services';
import { freePort } from '../../src/services/ports';
import { startSimulator } from '../../src/simulator';
import { isolatedConfig } from './isolated-config';

describe('a simulator named in the environment', () => {
  it('is used as it is', async () => {
    const config = isolatedConfig();
    const simulator = await startSimulator({ home: config.home, port: 0 });
    expect(await ensureSimulator({ ...config, simulatorUrl: `${simulator.url}/` })).toBe(simulator.url);
    await simulator.close();
  });

  it('that does not answer is not replaced by another', async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    await expect(ensureSimulator(isolatedConfig({ HARDGEN_SIMULATOR_URL: url }))).rejects.toThrow(/Expected the simulator at http:.* \(HARDGEN_SIMULATOR_URL\), got: .*; start it there, or unset HARDGEN_SIMULATOR_URL/);
  }, 15_000);
});
