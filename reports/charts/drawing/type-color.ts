// One colour per instance type, on all pages: its class of the style sheet.

/** The sizes of the families, each with the place of its colour. */
const places: Readonly<Record<string, number>> = {
  medium: 0,
  micro: 1,
  small: 2,
  nano: 3,
  large: 4,
  xlarge: 5,
  '2xlarge': 6,
};

/** How many colours there are. */
const typeColors = 7;

/** A class for each of the types; two of one size get two colours. */
export function typeClasses(types: readonly string[]): ReadonlyMap<string, string> {
  const classes = new Map<string, string>();
  for (const type of types) {
    let place = places[type.split('.')[1] ?? ''] ?? 0;
    const taken = [...classes.values()];
    for (let tried = 0; taken.includes(`type-${place}`) && tried < typeColors; tried++)
      place = (place + 1) % typeColors;
    classes.set(type, `type-${place}`);
  }
  return classes;
}
