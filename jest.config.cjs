const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  // Builds and what services and worlds leave there hold package.json files that are not ours to resolve.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.hardgen/'],
};

/** `unit` needs nothing; `live` runs against the real Temporal and Neo4j that scripts/test.mjs started. */
module.exports = {
  workerIdleMemoryLimit: '1GB',
  maxWorkers: 2,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/tests/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/live/', '<rootDir>/tests/crash/'] },
    { ...shared, displayName: 'live', testMatch: ['<rootDir>/tests/live/**/*.test.ts', '<rootDir>/tests/crash/**/*.test.ts'] },
  ],
};
