// A name with its article.

/** Letters whose names begin with a vowel: an e2-micro, an m5.large; a t2.micro, a u-6tb1, a B2ats_v2. */
const spelledWithVowel = /^[aefhilmnorsx](?=[a-z]{0,4}\d|-)/i;
/** Names that are read as words. */
const words = /^(?:mac|standard)/i;

/** `a t2.micro` or `an m5.large`, by the sound. */
export function withArticle(instanceType: string): string {
  const isVowel = spelledWithVowel.test(instanceType) && !words.test(instanceType);
  return `${isVowel ? 'an' : 'a'} ${instanceType}`;
}
