// A column of numbers that grows: 8 bytes for a number at the most, where an array of a million objects takes a hundred.

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

export type Column<T extends Numbers> = {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
  /** All of them; the column must not grow afterwards. */
  values(): T;
};

/** Returns an empty column of numbers of this kind. */
export function columnOf<T extends Numbers>(kind: new (length: number) => T): Column<T> {
  let values = new kind(1 << 12);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = new kind(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (index) => values[index] as number,
    values: () => values.subarray(0, length) as T,
  };
}
