import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';

const directory = join(import.meta.dirname, 'page');

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

/** One file of the page, ready to be sent. */
interface Asset {
  readonly type: string;
  readonly body: string;
}

/**
 * Serves the page's files, and nothing else: they are read once, so a request never becomes a path.
 * TypeScript is stripped of its types on the way; the browser gets the modules as they are written.
 */
export function createPageAssets(): (request: Request) => Promise<Response | null> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(directory)) {
    const extension = extname(name);
    const type = contentTypes[extension];
    if (type === undefined) continue;
    const text = readFileSync(join(directory, name), 'utf8');
    assets.set(name === 'index.html' ? '/' : `/page/${name}`, {
      type,
      body: extension === '.ts' ? stripTypeScriptTypes(text) : text,
    });
  }
  return async (request) => {
    const asset = assets.get(new URL(request.url).pathname);
    if (asset === undefined) return null;
    return new Response(request.method === 'HEAD' ? null : asset.body, {
      headers: { 'content-type': asset.type, 'cache-control': 'no-store' },
    });
  };
}
