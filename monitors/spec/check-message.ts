// The template language of monitor messages. Datadog does not report a mistake in it; it leaves the template in the message.
import { nearest } from '../../model/nearest.ts';
import { argumentsOf, conditionRemarks, helperRemarks } from './message-helper.ts';
import { type MessageKeys, type Remark, variableRemarks } from './message-variable.ts';
import { conditionals, helpers } from './message-words.ts';

/** The mistakes in a message, and what Datadog accepts but leaves empty. */
export function messageRemarks(message: string, keys: MessageKeys): Remark[] {
  const remarks: Remark[] = [];
  const open: { readonly name: string; readonly isTrue: boolean }[] = [];
  const text = withoutRaw(withoutComments(message), keys, remarks);
  for (const [whole, content = ''] of text.matchAll(template)) {
    if (/^\{\{\s+[#^/]/.test(whole))
      remarks.push({
        why: `${whole}: a blank before ${content.trim()[0]} can leave it in the message`,
        isWarning: true,
      });
    const [, sign, name = '', rest = ''] = /^([#/^]?)\s*([^\s"'()]*)([\s\S]*)$/.exec(content.trim()) ?? [];
    if (name === 'else' || (sign === '^' && name === '')) {
      if (open.length === 0) remarks.push({ why: `${whole} stands in no condition` });
      if (name === 'else' && rest.trim() !== '')
        remarks.push({ why: `${whole}: Datadog documents no {{else}} with a condition`, isWarning: true });
      const last = open.pop();
      if (last) open.push({ ...last, isTrue: !last.isTrue });
    } else if (sign === '#' || sign === '^') {
      remarks.push(...blockRemarks(whole, name, rest, keys));
      const outer = open.find((each) => each.isTrue && sign === '#' && excludes(each.name, name));
      if (outer) remarks.push({ why: `${whole} inside {{#${outer.name}}} is never sent`, isWarning: true });
      open.push({ name, isTrue: sign === '#' });
    } else if (sign === '/') {
      const begun = open.pop()?.name;
      if (begun !== name) remarks.push({ why: `${whole} closes ${begun === undefined ? 'nothing' : `{{#${begun}}}`}` });
    } else if ((helpers as readonly string[]).includes(name))
      remarks.push(...helperRemarks(whole, name, argumentsOf(rest), keys));
    else if (rest.trim() !== '')
      remarks.push({ why: `${whole}: unknown function. Did you mean ${nearest(name, helpers)}?` });
    else remarks.push(...variableRemarks(whole, name, keys));
  }
  remarks.push(...open.map(({ name }) => ({ why: `{{#${name}}} is not closed: add {{/${name}}}` })));
  // A lone }} is text, as in JSON.
  if (text.replace(template, '').includes('{{')) remarks.push({ why: '{{ and }} are not balanced' });
  return remarks;
}

/** `{{...}}` or `{{{...}}}`; braces may stand in quotation marks. */
const template = /\{\{\{?~?((?:"[^"]*"|'[^']*'|[^"'{}])*?)~?\}?\}\}/g;

function blockRemarks(whole: string, name: string, rest: string, keys: MessageKeys): Remark[] {
  return (conditionals as readonly string[]).includes(name)
    ? conditionRemarks(whole, name, argumentsOf(rest), keys)
    : [{ why: `${whole}: unknown condition. Did you mean ${nearest(name, conditionals)}?` }];
}

/** One of each: a notification is about one change. */
const states = ['is_alert', 'is_warning', 'is_no_data', 'is_recovery'];

function excludes(outer: string, inner: string): boolean {
  return outer !== inner && states.includes(outer) && states.includes(inner);
}

/** A comment ends at `--}}`, or without dashes at the first `}}`. */
function withoutComments(message: string): string {
  return message.replace(/\{\{!--(?:(?!\{\{!|--\}\})[\s\S])*--\}\}|\{\{![\s\S]*?\}\}/g, '');
}

/** Without `{{{{raw}}}}...{{{{/raw}}}}`, whose text is sent as written; a condition may stand in place of `raw`. */
function withoutRaw(message: string, keys: MessageKeys, remarks: Remark[]): string {
  return message.replace(
    /\{\{\{\{\s*(\w+)([^{}]*)\}\}\}\}[\s\S]*?\{\{\{\{\s*\/\s*\1\s*\}\}\}\}/g,
    (block: string, name: string, rest: string) => {
      if (name !== 'raw') remarks.push(...blockRemarks(block.slice(0, block.indexOf('}}}}') + 4), name, rest, keys));
      return '';
    },
  );
}
