// Loaded before a generator: its engines count no bytes.
import { Tally } from '../../loadtest/engines/tally.ts';

Tally.prototype.carried = () => {};
