/** What `kubectl explain` and client-side checks need to know of the built-in kinds: their own fields, in OpenAPI v3. */

type Schema = Readonly<Record<string, unknown>>;

const text = (description: string): Schema => ({ type: 'string', description });
const integer = (description: string): Schema => ({ type: 'integer', format: 'int32', description });
const flag = (description: string): Schema => ({ type: 'boolean', description });
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const list = (description: string): Schema => ({ type: 'array', items: { type: 'string' }, description });
const map = (description: string, format?: string): Schema => ({
  type: 'object',
  additionalProperties: { type: 'string', ...(format === undefined ? {} : { format }) },
  description,
});
const object = (description: string, properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', description, properties });
const open = (description: string): Schema => ({ type: 'object', description, 'x-kubernetes-preserve-unknown-fields': true });

const reference = (description: string): Schema =>
  object(description, {
    apiVersion: text('The API version of the object.'),
    kind: text('The kind of the object.'),
    namespace: text('The namespace of the object; empty for kinds of cluster scope.'),
    name: text('The name of the object.'),
    uid: text('The UID of the object.'),
    resourceVersion: text('The revision of the object.'),
    fieldPath: text('The part of the object that is meant.'),
  });

const eventSource = (description: string): Schema =>
  object(description, { component: text('The component that reported the event.'), host: text('The host it runs on.') });

const eventSeries = object('How often and until when the same event came again.', {
  count: integer('How often it came.'),
  lastObservedTime: time('When it came last.'),
});

const userInfo = object('Who asked.', {
  username: text('The name of the user.'),
  uid: text('The UID of the user.'),
  groups: list('The groups of the user.'),
});

interface KindSchema {
  readonly description: string;
  readonly properties: Readonly<Record<string, Schema>>;
}

/** By `KIND` in the core group, `KIND.GROUP` elsewhere. */
export const BUILTIN_SCHEMAS: ReadonlyMap<string, KindSchema> = new Map<string, KindSchema>([
  [
    'Namespace',
    {
      description: 'Namespace provides a scope for Names. Use of multiple namespaces is optional.',
      properties: {
        spec: object('The behaviour of the namespace.', { finalizers: list('What must be done before the namespace may go.') }),
        status: object('The state of the namespace.', { phase: text('Active or Terminating.') }),
      },
    },
  ],
  [
    'Secret',
    {
      description: 'Secret holds secret data of a certain type.',
      properties: {
        data: map('The secret data, base64.', 'byte'),
        stringData: map('The same in plain text, for writing only.'),
        type: text('What the data is for.'),
        immutable: flag('Whether the data can no longer be changed.'),
      },
    },
  ],
  [
    'ConfigMap',
    {
      description: 'ConfigMap holds configuration data.',
      properties: {
        data: map('Text data.'),
        binaryData: map('Binary data, base64.', 'byte'),
        immutable: flag('Whether the data can no longer be changed.'),
      },
    },
  ],
  [
    'Event',
    {
      description: 'Event is a report of something that happened to an object.',
      properties: {
        involvedObject: reference('What the event is about.'),
        reason: text('Why it was reported, for programs.'),
        message: text('What happened, for people.'),
        source: eventSource('Who reported it.'),
        firstTimestamp: time('When it happened first.'),
        lastTimestamp: time('When it happened last.'),
        count: integer('How often it happened.'),
        type: text('Normal or Warning.'),
        eventTime: time('When it was first observed.'),
        series: eventSeries,
        action: text('What was done about it.'),
        related: reference('Another object that it concerns.'),
        reportingComponent: text('The controller that reported it.'),
        reportingInstance: text('The instance of that controller.'),
      },
    },
  ],
  [
    'Event.events.k8s.io',
    {
      description: 'Event is a report of something that happened to an object.',
      properties: {
        eventTime: time('When it was first observed.'),
        series: eventSeries,
        reportingController: text('The controller that reported it.'),
        reportingInstance: text('The instance of that controller.'),
        action: text('What was done about it.'),
        reason: text('Why it was reported, for programs.'),
        regarding: reference('What the event is about.'),
        related: reference('Another object that it concerns.'),
        note: text('What happened, for people.'),
        type: text('Normal or Warning.'),
        deprecatedSource: eventSource('Who reported it, as core/v1 says.'),
        deprecatedFirstTimestamp: time('When it happened first, as core/v1 says.'),
        deprecatedLastTimestamp: time('When it happened last, as core/v1 says.'),
        deprecatedCount: integer('How often it happened, as core/v1 says.'),
      },
    },
  ],
  [
    'Lease.coordination.k8s.io',
    {
      description: 'Lease says who holds something, and until when.',
      properties: {
        spec: object('Who holds it.', {
          holderIdentity: text('Who holds it now.'),
          leaseDurationSeconds: integer('For how long after renewTime nobody else takes it.'),
          acquireTime: time('When it was taken.'),
          renewTime: time('When the holder last said that it lives.'),
          leaseTransitions: integer('How often it changed hands.'),
        }),
      },
    },
  ],
  [
    'CustomResourceDefinition.apiextensions.k8s.io',
    {
      description: 'CustomResourceDefinition defines a kind. Those of this server are built in.',
      properties: { spec: open('The kind, its names, versions and schema.'), status: open('Whether it is served.') },
    },
  ],
  [
    'SelfSubjectAccessReview.authorization.k8s.io',
    {
      description: 'SelfSubjectAccessReview asks whether the current user may do something.',
      properties: {
        spec: object('What the user wants to do; exactly one of the two.', {
          resourceAttributes: object('Something with a resource.', {
            namespace: text('In which namespace.'),
            verb: text('get, list, watch, create, update, patch, delete, deletecollection.'),
            group: text('The API group.'),
            version: text('The API version.'),
            resource: text('The resource.'),
            subresource: text('The subresource.'),
            name: text('The name of the object; empty for all.'),
          }),
          nonResourceAttributes: object('Something with a path.', { path: text('The path.'), verb: text('The HTTP method.') }),
        }),
        status: object('The answer.', { allowed: flag('Whether it is allowed.'), reason: text('Why.') }),
      },
    },
  ],
  [
    'SelfSubjectRulesReview.authorization.k8s.io',
    {
      description: 'SelfSubjectRulesReview lists what the current user may do in a namespace.',
      properties: {
        spec: object('Where.', { namespace: text('The namespace.') }),
        status: open('The rules.'),
      },
    },
  ],
  [
    'SelfSubjectReview.authentication.k8s.io',
    {
      description: 'SelfSubjectReview tells who the current user is.',
      properties: { status: object('The answer.', { userInfo }) },
    },
  ],
]);
