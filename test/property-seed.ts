// fast-check for tests, with the same seed each time: a test that fails does so again. PROPERTY_SEED=N looks elsewhere.
import fc from '../node_modules/fast-check/lib/fast-check.js';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_123) });

export default fc;
