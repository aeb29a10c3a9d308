import { describe, expect, it } from 'vitest';
import { conformOn } from './conform.ts';

conformOn(6, { describe, it, expect });
