// What the prices of the catalogue are of.
import { priceBasis } from '../../model/catalogue/instance-catalogue.ts';

const { region, operatingSystem, date } = priceBasis;

/** `us-east-1, on demand, Linux, 2026-07-20`. */
export const basisOfPrices = `${region}, on demand, ${operatingSystem}, ${date}`;

/** For the foot of a table with prices. */
export const priceNote = `Prices: ${basisOfPrices}; your own: size --types FILE.`;
