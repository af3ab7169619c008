// What to do next: a sentence, or words with a command to paste.

export type Step = { readonly text: string; readonly command?: string };

/** The step of a sentence that may end with a command. A command stands alone, without a full stop: it is pasted. */
export function stepOf(sentence: string): Step {
  const [, text, command] = /^(.*?:) ((?:npm run|npx|headroom|node) .*?)\.?$/.exec(sentence) ?? [];
  return text === undefined || command === undefined ? { text: `${sentence}.` } : { text, command };
}
