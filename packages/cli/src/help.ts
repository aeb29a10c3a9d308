/** What the command is for, in a sentence. */
export const DESCRIPTION =
  'Follows what other processes write, live: sessions of coding agents, and any file that grows.';

/** After the help of the program itself. */
export const PROGRAM = `
Examples:
  watchkeeper session list                         what the agents on this machine did
  watchkeeper session watch 0b2f --messages        follow the session whose id begins with 0b2f
  watchkeeper serve                                sessions over HTTP, for this machine only
  watchkeeper tail --from start app.log            a file, from its first line
  watchkeeper doctor                               how well this directory can be watched

The database is made on first use: $XDG_DATA_HOME/watchkeeper/watchkeeper.db, else
~/.local/share/watchkeeper/watchkeeper.db. Several processes may use it at once.

Exit codes: 0 done, 1 failure, 2 wrong use, 3 not found, 4 deleted, 7 timeout,
130 Ctrl-C, 143 SIGTERM.
`;

/** After the help of `session list`. */
export const LIST = `
Examples:
  watchkeeper session list --limit 10
  watchkeeper session list --cwd "$PWD"
  watchkeeper session list --json | jq -r .data.id
`;

/** After the help of `session show`. */
export const SHOW = `
Examples:
  watchkeeper session show 0b2f
  watchkeeper session show 0b2f --all --json | jq .data.items
`;

/** After the help of `session watch`. */
export const WATCH = `
Examples:
  watchkeeper session watch 0b2f                       a line per change
  watchkeeper session watch 0b2f --messages            the conversation as it happens
  watchkeeper session watch 0b2f --until idle:2m       wait until the agent is quiet
  watchkeeper session watch ID --wait --timeout 1h     wait for a session to appear
  watchkeeper session watch 0b2f --messages --json --from CURSOR
                                                       go on after the last "id" of an earlier run
`;

/** After the help of `tail`. */
export const TAIL = `
Examples:
  watchkeeper tail app.log
  watchkeeper tail --from start --json session.jsonl   each batch with its bytes and its cursor
`;

/** After the help of `serve`. */
export const SERVE = `
Examples:
  watchkeeper serve
  watchkeeper serve --port 0 --json                    print the chosen port as JSON
  curl http://127.0.0.1:4747/api/v1/sessions
  watchkeeper serve --host 0.0.0.0 --token-file ~/.watchkeeper-token

Other machines can only reach it with a token. The API: GET /api/v1/health, /api/v1/sessions,
/api/v1/sessions/ID, /api/v1/sessions/ID/messages, /api/v1/sessions/ID/watch, /api/v1/events.
`;

/** After the help of `doctor`. */
export const DOCTOR = `
Examples:
  watchkeeper doctor                                   this directory
  watchkeeper doctor /var/log /mnt/nas                 several places at once
  watchkeeper doctor --backend native src              what another backend would do there
  watchkeeper doctor --json | jq '.data.places[].findings'

It reads the tree for some seconds at most, and makes a hidden temporary directory in or
beside each place to see whether changes are told; --no-probe writes nothing.
Ends with 0 when all is well or only worth a warning, with 1 when something does not work.
`;
