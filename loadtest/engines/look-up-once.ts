// The addresses of a target's name, asked for once: a resolver is neither to be measured nor to be loaded.
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/**
 * A `lookup` for the sockets of one stage. All that come while it is being answered get the same answer; from the first connection on,
 * `answered`, all get the address that answered. A name that was not found is asked for again.
 */
export function lookUpOnce(ask = askAll): {
  readonly lookup: LookupFunction;
  answered(address: string | undefined): void;
} {
  let asked: Promise<LookupAddress[]> | undefined;
  let answering = false;
  return {
    lookup: (hostname, { all }, callback) => {
      asked ??= ask(hostname);
      asked.then(
        (addresses) => {
          const [{ address, family } = { address: '', family: 0 }] = addresses;
          if (all) callback(null, addresses);
          else callback(null, address, family);
        },
        (error: NodeJS.ErrnoException) => {
          asked = undefined;
          callback(error, []);
        },
      );
    },
    answered(address) {
      if (answering || address === undefined) return;
      answering = true;
      asked = Promise.resolve([{ address, family: isIP(address) }]);
    },
  };
}

function askAll(hostname: string): Promise<LookupAddress[]> {
  return new Promise((found, failed) =>
    resolve(hostname, { all: true }, (error, addresses) => (error ? failed(error) : found(addresses))),
  );
}
