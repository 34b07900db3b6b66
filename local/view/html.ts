import { html as escapingHtml, raw } from 'hono/html';
import { CONTROLS, escaped } from '../../text/printable';

/** HTML that is safe to send to a browser; `html` alone makes it. */
export type Html = ReturnType<typeof raw>;

type Value = string | number | undefined | readonly Value[];

/**
 * The template tag of every piece of HTML: it escapes each value that is not HTML itself, so no
 * caller can forget to. Control characters and marks that reverse the direction of text become
 * visible.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  // Only a promise among the values makes hono return one, and `Value` allows none.
  return escapingHtml(strings, ...values.map(visible)) as Html;
}

/** HTML itself is an object for hono, and stays as it is. */
function visible(value: Value): Value {
  if (Array.isArray(value)) return value.map(visible);
  return typeof value === 'string'
    ? value.replace(CONTROLS, (character) => (character === '\n' ? character : escaped(character)))
    : value;
}

/** A file of ours as it is, such as the style of a page. Never for text of others. */
export const ownFile = (text: string): Html => raw(text);
