import { describe, expect, it } from 'vitest';

import { printable, printableLine } from '../../src/output/printable.ts';

describe('text of a transcript on a terminal', () => {
  it.each([
    ['plain text, ümlaut, 日本語, 🎉', 'plain text, ümlaut, 日本語, 🎉'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B[2J\u001B[1;1Hcleared', 'cleared'],
    ['\u009B31mC1 red', 'C1 red'],
    ['\u001B]8;;http://evil.example\u0007link\u001B]8;;\u0007', 'link'],
    ['\u001B]52;c;ZXZpbA==\u001B\\clipboard', 'clipboard'],
    ['\u001BP+q544e\u001B\\device string', 'device string'],
    ['\u001Bcreset', 'reset'],
    ['\u001B]0;title never closed', ''],
    ['bell\u0007', 'bell␇'],
    ['over\rwritten', 'over␍written'],
    ['back\bspace', 'back␈space'],
    ['windows\r\nline', 'windows\nline'],
    ['nul\0del\u007F', 'nul␀del␡'],
    ['\u202Egnp.exe', '\\u202egnp.exe'],
    ['\u2066isolate\u2069', '\\u2066isolate\\u2069'],
    ['line\u2028separator', 'line\\u2028separator'],
    ['lone \u001B', 'lone ␛'],
    ['C1 \u0085 next line', 'C1 \\u0085 next line'],
  ])('%j is printed as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('holds no control character afterwards, whatever it was', () => {
    let all = '';
    for (let code = 0; code < 0x3000; code += 1) all += `${String.fromCharCode(code)}x`;
    expect(printable(all)).not.toMatch(/(?![\n\t])\p{Cc}|\p{Bidi_Control}/u);
  });

  it('takes no longer for text that begins a sequence again and again', () => {
    const text = '\u001B]'.repeat(200_000);
    const start = performance.now();
    printable(text);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('a line', () => {
  it('is one line of at most so many characters', () => {
    expect(printableLine(' a\n b\t\tc ')).toBe('a b c');
    expect(printableLine('abcdef', 4)).toBe('abc…');
    expect(printableLine('abcd', 4)).toBe('abcd');
  });
});
