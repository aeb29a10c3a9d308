// Writes numbered records to a file as another process does: in pieces of random size, cut anywhere.
// Arguments: path, count, seed, and what to do at random moments ('append', 'rotate' or 'truncate').
// Before the file is rotated again or cut it asks its parent, by message, whether everything written so far was
// read: changes that come faster than looks are beyond what can be followed.
import { closeSync, openSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const [path, count, seed, mode] = process.argv.slice(2);
const total = Number(count);
let state = Number(seed);
const random = (below) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * below);
};

let fd = openSync(path, 'a');
let round = 0;
let record = 0;
let changes = 0;

function write() {
  const text = '日本語 🎉 '.repeat(random(40));
  const bytes = Buffer.from(`${JSON.stringify({ round, record, text })}\n`);
  for (let at = 0; at < bytes.length;) {
    at += writeSync(fd, bytes, at, Math.min(bytes.length - at, 1 + random(900)));
  }
  record += 1;
}

async function everythingRead() {
  process.send(record);
  await once(process, 'message');
}

async function rotate() {
  await everythingRead();
  renameSync(path, `${path}.${changes}`);
  // A daemon goes on with the old file until it is told to reopen.
  for (let late = random(5); late > 0 && record < total - 1; late -= 1) write();
  closeSync(fd);
  fd = openSync(path, 'a');
}

async function truncate() {
  await everythingRead();
  round += 1;
  truncateSync(path);
}

while (record < total) {
  if (mode !== 'append' && record > 0 && random(250) === 0 && changes < 6) {
    changes += 1;
    await (mode === 'rotate' ? rotate() : truncate());
  }
  write();
  if (random(25) === 0) await pause(random(8));
}
closeSync(fd);
process.disconnect();
