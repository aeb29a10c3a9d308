/** Lines of one length that all end in the same 200 bytes, as records with constant last fields do. */
export function records(prefix: string, count: number): string {
  const tail = '"cwd":"/home/user/project","version":"2.1.45"}'.padStart(200, '-');
  return Array.from({ length: count }, (_, index) => `${prefix}${index % 10}${tail}\n`).join('');
}
