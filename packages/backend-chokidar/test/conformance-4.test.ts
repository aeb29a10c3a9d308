import { describe, expect, it } from 'vitest';
import { conformOn } from './conform.ts';

conformOn(4, { describe, it, expect });
