import { BackendErrors } from '@watchkeeper/core/backend-kit';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'poll';

/** The failures of this backend. */
export const errors: BackendErrors = new BackendErrors(BACKEND_NAME);
