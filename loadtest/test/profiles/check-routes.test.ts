import { expect, test } from '@jest/globals';
import { type ProfileStage, profileStageSchema, type Route } from '../../../model/profile.ts';
import { checkRoutes } from '../../profiles/check-routes.ts';

const route: Route = { name: 'r', method: 'GET', path: '/a?b=%20', weight: 1, headers: { 'x-a': 'b' }, expect: [200] };
const head: Route = { ...route, method: 'HEAD' };
const stage = (given: object): ProfileStage => profileStageSchema.parse({ name: 's', durationS: 1, ...given });
const open = stage({ kind: 'open', arrivalRatePerS: 1 });
const closed = stage({ kind: 'closed', connections: 1 });
const users = stage({ kind: 'closed', connections: 1, thinkTimeS: 1 });
const ladder = stage({ kind: 'ladder', connections: [1, 2] });

test.each<[string, Route, ProfileStage]>([
  ['a usual one', route, closed],
  ['HEAD in an open stage', head, open],
  ['HEAD of users who think', head, users],
])('%s can be sent', (_, given, inStage) => {
  expect(() => checkRoutes([given], [inStage])).not.toThrow();
});

test.each<[string, Route, ProfileStage, RegExp]>([
  ['HEAD in a closed stage', head, closed, /^route r: stage s cannot count responses to HEAD/],
  ['HEAD on a ladder', head, ladder, /^route r: stage s cannot count responses to HEAD/],
  ['a path with a blank', { ...route, path: '/a b' }, open, /^route r: the path "\/a b" must be ASCII without blanks/],
  ['a path that breaks the line', { ...route, path: '/a\r\nx: y' }, open, /must be ASCII/],
  ['a path with an umlaut', { ...route, path: '/ä' }, open, /must be ASCII/],
  ['a path with a fragment', { ...route, path: '/a#b' }, open, /must be ASCII/],
  ['a header name with a blank', { ...route, headers: { 'x a': 'b' } }, closed, /the header "x a" cannot be sent/],
  ['a header that breaks the line', { ...route, headers: { x: 'b\r\nc' } }, closed, /the header "x" cannot be sent/],
  ['a header of the framing', { ...route, headers: { Upgrade: 'x' } }, open, /the header Upgrade cannot be set/],
])('%s is refused before the run', (_, given, inStage, sentence) => {
  expect(() => checkRoutes([given], [inStage])).toThrow(sentence);
});
