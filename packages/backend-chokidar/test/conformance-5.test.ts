import { describe, expect, it } from 'vitest';
import { conformOn } from './conform.ts';

conformOn(5, { describe, it, expect });
