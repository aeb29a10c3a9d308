import { element } from './dom.ts';

/** Text of an agent as nodes: fenced blocks and inline code stand out, all else stays plain text. */
export function richText(text: string): HTMLElement {
  const box = element('div', { class: 'text' });
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```[ \t]*$\n?/mu);
  parts.forEach((part, index) => {
    if (index % 2 === 1) box.append(element('pre', {}, part));
    else box.append(...inline(part));
  });
  return box;
}

function inline(text: string): Node[] {
  return text
    .split(/`([^`\n]+)`/u)
    .map((part, index) =>
      index % 2 === 1 ? element('code', {}, part) : document.createTextNode(part),
    );
}

/** Preformatted text, cut for display when it is very long. */
export function preformatted(text: string, limit = 20_000): HTMLElement {
  const rest = text.length - limit;
  return element(
    'pre',
    {},
    rest > 0 ? `${text.slice(0, limit)}\n… ${rest.toLocaleString()} more characters` : text,
  );
}
