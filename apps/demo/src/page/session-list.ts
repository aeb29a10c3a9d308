import type { SessionRow } from '@watchkeeper/session';

import { element } from './dom.ts';
import { ago, count } from './format.ts';

/** A session that was written to this recently, in milliseconds, is shown as active. */
const ACTIVE_MS = 30_000;

/** The sessions as buttons, newest activity first, subagents under their parents. */
export function sessionItems(
  rows: readonly SessionRow[],
  chosen: string | null,
  now: number,
  choose: (row: SessionRow) => void,
): HTMLLIElement[] {
  const ids = new Set(rows.map(({ id }) => id));
  const children = Map.groupBy(rows, ({ parentId }) =>
    parentId !== null && ids.has(parentId) ? parentId : null,
  );
  const items: HTMLLIElement[] = [];
  const add = (row: SessionRow, child: boolean): void => {
    items.push(sessionItem(row, child, row.id === chosen, now, choose));
    for (const below of children.get(row.id) ?? []) add(below, true);
  };
  for (const row of children.get(null) ?? []) add(row, false);
  return items;
}

function sessionItem(
  row: SessionRow,
  child: boolean,
  current: boolean,
  now: number,
  choose: (row: SessionRow) => void,
): HTMLLIElement {
  const button = element(
    'button',
    { type: 'button', title: row.id },
    element('span', { class: 'title' }, titleOf(row)),
    element(
      'span',
      { class: 'facts' },
      element('span', {}, row.cwd ?? row.provider),
      element('span', {}, ago(row.updatedAt, now)),
    ),
    element(
      'span',
      { class: 'facts' },
      element('span', {}, child ? 'subagent' : row.provider),
      element('span', {}, count(row.version.messageCount, 'message')),
    ),
  );
  button.addEventListener('click', () => choose(row));
  const item = element('li', { 'data-id': row.id, 'aria-current': String(current) }, button);
  if (child) item.classList.add('child');
  if (row.updatedAt !== null && now - Date.parse(row.updatedAt) < ACTIVE_MS) {
    item.classList.add('active');
  }
  return item;
}

/** What a session is called on the page. */
export function titleOf(row: SessionRow): string {
  return row.title ?? row.id;
}
