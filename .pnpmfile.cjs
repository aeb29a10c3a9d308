'use strict';

/**
 * The packages that carry Node name their platform as a string where an array is expected, so the
 * lockfile would not record it and every platform would download all of them.
 */
function readPackage(manifest) {
  if (manifest.name?.startsWith('node-')) {
    for (const field of ['os', 'cpu']) {
      if (typeof manifest[field] === 'string') manifest[field] = [manifest[field]];
    }
  }
  return manifest;
}

module.exports = { hooks: { readPackage } };
