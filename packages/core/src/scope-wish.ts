/** How closely somebody who follows a scope wants it compared with the disk, whatever its backend says. */
export interface ScopeWish {
  /** `auto`: as often as the budget of audits allows. A number: at least this often, in milliseconds. 0: not. */
  readonly auditIntervalMs: number | 'auto';
  /** Whether it is looked at first, and at once, when evidence may have been lost. */
  readonly hot: boolean;
}
