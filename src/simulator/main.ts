import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readHttpFaults } from './http-faults';
import { startSimulator } from './server';

/** `node dist/simulator/main.js --home DIR --port N [--build STAMP] [--http-faults JSON]`: serves until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: 'string' }, port: { type: 'string', default: '0' }, build: { type: 'string', default: '' }, 'http-faults': { type: 'string' } } });
  if (values.home === undefined) throw new Error('Expected --home DIR, the folder of this project\'s data, got nothing');
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`Expected --port to be a port from 0 to 65535, got \`${values.port}\``);
  const faults = values['http-faults'];
  const simulator = await startSimulator({ home: resolve(values.home), port, build: values.build, ...(faults === undefined ? {} : { httpFaults: readHttpFaults(faults) }) });
  process.stdout.write(`simulator ready at ${simulator.url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close().then(() => process.exit(0)));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
}
