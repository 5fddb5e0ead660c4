refuseSwallowedPaths(process.argv);

const shared = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/tests/plain-output.cjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  // Builds and what services and worlds leave there hold package.json files that are not ours to resolve.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.hardgen/'],
};

// What starts processes, bundles or lints: real, but nothing to wait for while one types.
const REAL = ['tests/live', 'tests/crash', 'tests/replay', 'tests/services/services', 'tests/worlds/mcp', 'tests/worlds/hostile', 'tests/worlds/own-world', 'tests/core/explore/oracle', 'tests/workflows', 'tests/lint'];

// Needs a Temporal server with PostgreSQL behind it, which takes minutes to build the first time.
const POSTGRES = 'tests/postgres';

// Compiles other people's native code the first time, and checks a server of which every call starts git: minutes.
const SERVERS = 'tests/more-servers';

/**
 * `unit` needs no service and ends in seconds; `live` runs against the real Temporal and Neo4j that scripts/test.mjs
 * started; `postgres` also against the server that scripts/test-postgres.mjs started (`npm run test:postgres`);
 * `servers` needs no service and a C++ compiler (`npm run test:servers`).
 */
module.exports = {
  workerIdleMemoryLimit: '1GB',
  maxWorkers: 2,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/tests/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', ...[...REAL, POSTGRES, SERVERS].map((place) => `<rootDir>/${place}`)] },
    { ...shared, displayName: 'live', testMatch: REAL.flatMap((place) => [`<rootDir>/${place}/**/*.test.ts`, `<rootDir>/${place}*.test.ts`]) },
    { ...shared, displayName: 'postgres', testMatch: [`<rootDir>/${POSTGRES}/**/*.test.ts`] },
    { ...shared, displayName: 'servers', testMatch: [`<rootDir>/${SERVERS}/**/*.test.ts`] },
  ],
};

// `--selectProjects` takes every word behind it: a path there is a project of no name, and the whole suite runs.
function refuseSwallowedPaths(argv) {
  const [, ...behind] = argv.slice(argv.indexOf('--selectProjects'));
  const words = argv.includes('--selectProjects') ? behind.slice(0, [...behind, '-'].findIndex((word) => word.startsWith('-'))) : [];
  const path = words.find((word) => word.includes('/'));
  if (path !== undefined) throw new Error(`Expected names of projects behind --selectProjects, got \`${path}\`; write the path before it`);
}
