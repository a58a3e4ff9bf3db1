/** The query parameters of the Kubernetes API. */

export const PRETTY = query('pretty', 'string', "'true': the answer is indented for people.");

const DRY_RUN = query('dryRun', 'string', 'All: everything is done but storing.');
const FIELD_MANAGER = query('fieldManager', 'string', 'The name under which the fields of this write are owned, at most 128 characters.');
const FIELD_VALIDATION = query(
  'fieldValidation',
  'string',
  'What becomes of unknown and duplicate fields: Ignore drops them, Warn (the default) drops them and says so in Warning headers, Strict refuses the request.',
);
const RESOURCE_VERSION = query('resourceVersion', 'string', 'The revision to read at; resourceVersionMatch says how.');

export const GET = [RESOURCE_VERSION];
export const CREATE = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];
export const REPLACE = [DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION];
export const PATCH = [
  DRY_RUN,
  FIELD_MANAGER,
  FIELD_VALIDATION,
  query('force', 'boolean', 'Server-side apply takes fields over from other managers.'),
];
export const DELETE = [
  DRY_RUN,
  query('gracePeriodSeconds', 'integer', 'How long the object may take to go.'),
  query('ignoreStoreReadErrorWithClusterBreakingPotential', 'boolean', 'Delete an object that can not be read.'),
  query('orphanDependents', 'boolean', 'Use propagationPolicy instead.'),
  query('propagationPolicy', 'string', 'What becomes of objects that belong to this one: Orphan, Background or Foreground.'),
];
export const LIST = [
  query('allowWatchBookmarks', 'boolean', 'A watch may send BOOKMARK events.'),
  query('continue', 'string', 'The next page, as metadata.continue of the last one says.'),
  query('fieldSelector', 'string', 'Only objects whose fields match.'),
  query('labelSelector', 'string', 'Only objects whose labels match.'),
  query('limit', 'integer', 'At most so many items on a page.'),
  RESOURCE_VERSION,
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'A watch begins with what is there, and ends that part with a bookmark.'),
  query('timeoutSeconds', 'integer', 'A watch ends after so long.'),
  query('watch', 'boolean', 'Answer with the changes as they come.'),
];

export const NAMESPACE = inPath('namespace', 'object name and auth scope, such as for teams and projects');

export function nameParameter(kind) {
  return inPath('name', `name of the ${kind}`);
}

function inPath(name, description) {
  return { name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } };
}

function query(name, type, description) {
  return { name, in: 'query', description, schema: { type, uniqueItems: true } };
}
