import { build } from './build.mjs';
import { reportTests, runJest, startTestServices } from './jest-on-services.mjs';
import { startTemporalOnPostgres } from './temporal-on-postgres.mjs';
import { checkNode, installPackages, tell } from './set-up.mjs';

/** `npm run test:postgres`: the same campaign on the dev server and on a Temporal server with PostgreSQL behind it. */
await tell(async () => {
  checkNode();
  await installPackages();
  await build();
  const services = await startTestServices();
  try {
    const server = await startTemporalOnPostgres(services.config, (line) => console.error(line));
    try {
      const env = { ...services.env, TEMPORAL_POSTGRES_ADDRESS: server.address, TEMPORAL_POSTGRES_PID_FILE: server.pidFile };
      return reportTests(await runJest(env, [...process.argv.slice(2), '--selectProjects', 'postgres']));
    } finally {
      await server.stop();
    }
  } finally {
    await services.stop();
  }
});
