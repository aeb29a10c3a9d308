import type { SessionStore } from '@watchkeeper/session';

/** The store, except that a test decides what some of its calls do. */
export function storeWith(store: SessionStore, changed: Partial<SessionStore>): SessionStore {
  return {
    kind: store.kind,
    writable: store.writable,
    resolve: (text) => store.resolve(text),
    get: (id) => store.get(id),
    list: (filter, page) => store.list(filter, page),
    versions: (ids) => store.versions(ids),
    changes: (id, after, limit) => store.changes(id, after, limit),
    window: (id, query) => store.window(id, query),
    sourceCursor: (key) => store.sourceCursor(key),
    source: (key) => store.source(key),
    apply: (batch) => store.apply(batch),
    detach: (key) => store.detach(key),
    delete: (id) => store.delete(id),
    gate: () => store.gate(),
    onHint: (listener) => store.onHint(listener),
    close: () => store.close(),
    ...changed,
  };
}
