import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createFsBackend } from '../src/index.ts';

backendConformance({ describe, it, expect }, createFsBackend);
