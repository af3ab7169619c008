// Figures that stay on one line.

const unit = /(\d) (?=(?:%|ms|µs|s|min|h|B|[KMG]iB|[kMG]bit\/s|vCPUs?)(?![\w/]))/g;
const date = /\b(\d{4})-(\d\d)-(\d\d)\b/g;

/** The text with spaces that do not break between a figure and its unit, and hyphens that do not break within a date. */
export function unbroken(text: string): string {
  return text.replace(unit, '$1\u00a0').replace(date, '$1\u2011$2\u2011$3');
}

/** The pieces of a text: those at odd places are flags with their values, like `--memory FILE`, that stay on one line. */
export function splitFlags(text: string): readonly string[] {
  return unbroken(text).split(/(--[a-z]+(?:-[a-z]+)*(?: [A-Z]+\b)?)/);
}
