import { build } from './build.mjs';
import { checkNode, installPackages, run, tell } from './set-up.mjs';

/** `npm start` runs the quickstart; `npm start -- my.yaml --flag` another campaign file or more flags. */
await tell(async () => {
  checkNode();
  await installPackages();
  await build();
  const given = process.argv.slice(2);
  const [file, flags] = given[0] === undefined || given[0].startsWith('-') ? ['examples/quickstart.yaml', given] : [given[0], given.slice(1)];
  return await run(process.execPath, ['dist/cli/index.js', 'run', file, ...flags]);
});
