import type { WatchErrorCode } from '@watchkeeper/core';
import { BackendErrors } from '@watchkeeper/core/backend-kit';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'fs';

/** The failures of this backend. */
export const errors: BackendErrors = new BackendErrors(BACKEND_NAME);

/** Whether a failure means that the kernel has no more of something. */
export function isLimit(code: WatchErrorCode): boolean {
  return code.startsWith('ERR_WATCH_LIMIT_');
}
