import { expect, it } from 'vitest';
import { RaisedLevel } from '../src/raised-level.ts';

it.each([
  ['is told once', [0.5, 1, 1.1, 1.2, 1.9], [false, false, true, false, false]],
  ['is told again when it has doubled', [1.5, 2.9, 3, 5.9, 6], [true, false, true, false, true]],
  ['is not told anew for wavering', [1.1, 0.9, 1.1], [true, false, false]],
  ['is told anew after it was well', [1.1, 0.8, 1.1], [true, false, true]],
])('a level above its limit %s', (_, levels, news) => {
  const raised = new RaisedLevel();
  expect(levels.map((level) => raised.isNews(level))).toEqual(news);
});
