export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/runs/', '<rootDir>/data/'],
  transform: {
    '\\.ts$': [
      '<rootDir>/test/transform.js',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  // Loaded by the tests that use it alone: it takes a while.
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/property-seed.ts' },
  testSequencer: '<rootDir>/test/long-first.js',
  // Of tests that wait most of their time.
  maxConcurrency: 10,
  // Only for what hangs: a busy machine is slow.
  testTimeout: 300_000,
};
