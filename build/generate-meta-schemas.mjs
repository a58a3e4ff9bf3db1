const PREFIX = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const META = {
  objectMeta: `${PREFIX}.ObjectMeta`,
  listMeta: `${PREFIX}.ListMeta`,
  status: `${PREFIX}.Status`,
  patch: `${PREFIX}.Patch`,
  deleteOptions: `${PREFIX}.DeleteOptions`,
};

/** The schemas of k8s.io/apimachinery that every object, list and answer uses. */
export function metaSchemas() {
  return {
    [META.objectMeta]: objectMeta(),
    [`${PREFIX}.OwnerReference`]: ownerReference(),
    [`${PREFIX}.ManagedFieldsEntry`]: managedFieldsEntry(),
    [`${PREFIX}.FieldsV1`]: {
      description: 'A set of fields as a tree: each key is f:<name>, k:<keys of a list item> or v:<value>.',
      type: 'object',
    },
    [`${PREFIX}.Time`]: { description: 'A time as RFC 3339 writes it.', type: 'string', format: 'date-time' },
    [META.listMeta]: listMeta(),
    [META.status]: status(),
    [`${PREFIX}.StatusDetails`]: statusDetails(),
    [`${PREFIX}.StatusCause`]: statusCause(),
    [META.patch]: { description: 'A patch; its form depends on the media type of the request.', type: 'object' },
    [META.deleteOptions]: deleteOptions(),
    [`${PREFIX}.Preconditions`]: preconditions(),
  };
}

function objectMeta() {
  return object('What every stored object has.', {
    annotations: map('Text of any form, for tools.'),
    creationTimestamp: time('When the object was created. Set by the server.'),
    deletionGracePeriodSeconds: integer('How long the object may take to go. Set by the server.', 'int64'),
    deletionTimestamp: time('Set when deletion was asked for; the object goes when no finalizer is left. Set by the server.'),
    finalizers: {
      ...list('What must be done before the object may go; each owner takes its own entry out.', string('')),
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    generateName: string('A prefix that the server makes a name from when name is empty.'),
    generation: integer('Counts the changes of spec. Set by the server.', 'int64'),
    labels: map('Short texts to select objects by.'),
    managedFields: {
      ...list('Which manager owns which fields.', ref('ManagedFieldsEntry')),
      'x-kubernetes-list-type': 'atomic',
    },
    name: string('The name, unique among the objects of its kind. Cannot be changed.'),
    namespace: string('The namespace; empty for kinds of cluster scope. Cannot be changed.'),
    ownerReferences: {
      ...list('The objects that this one belongs to; it goes with the last of them.', ref('OwnerReference')),
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'uid',
      'x-kubernetes-patch-strategy': 'merge',
    },
    resourceVersion: string('The revision of the last change, opaque to clients. Set by the server.'),
    selfLink: string('Not set any more.'),
    uid: string('Tells this object from every other, also of the same name. Set by the server.'),
  });
}

function ownerReference() {
  return {
    ...object(
      'An object that another one belongs to.',
      {
        apiVersion: string("The owner's apiVersion."),
        blockOwnerDeletion: boolean('With foreground deletion the owner stays until this object is gone.'),
        controller: boolean('Whether the owner is the controller of this object.'),
        kind: string("The owner's kind."),
        name: string("The owner's name."),
        uid: string("The owner's UID."),
      },
      ['apiVersion', 'kind', 'name', 'uid'],
    ),
    'x-kubernetes-map-type': 'atomic',
  };
}

function managedFieldsEntry() {
  return object('The fields that one manager owns.', {
    apiVersion: string('The version that the fields are written in.'),
    fieldsType: string('FieldsV1.'),
    fieldsV1: ref('FieldsV1'),
    manager: string('The manager.'),
    operation: string('Apply or Update.'),
    subresource: string('The subresource that they were written through.'),
    time: time('When the manager last changed them.'),
  });
}

function listMeta() {
  return object('What every list has.', {
    continue: string('Gets the next page; empty on the last.'),
    remainingItemCount: integer('How many items follow on later pages.', 'int64'),
    resourceVersion: string('The revision that the list shows; a watch goes on from it.'),
    selfLink: string('Not set any more.'),
  });
}

function status() {
  return {
    ...object('The answer where there is no object to answer with.', {
      apiVersion: string('v1.'),
      code: integer('The HTTP status code.', 'int32'),
      details: ref('StatusDetails'),
      kind: string('Status.'),
      message: string('What happened, for people.'),
      metadata: ref('ListMeta'),
      reason: string('What happened, in one word.'),
      status: string('Success or Failure.'),
    }),
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }],
  };
}

function statusDetails() {
  return object('What a Status is about.', {
    causes: { ...list('Each thing that is wrong.', ref('StatusCause')), 'x-kubernetes-list-type': 'atomic' },
    group: string('The group of the resource.'),
    kind: string('The kind or resource.'),
    name: string('The name of the object.'),
    retryAfterSeconds: integer('How long to wait before trying again.', 'int32'),
    uid: string('The UID of the object.'),
  });
}

function statusCause() {
  return object('One thing that is wrong.', {
    field: string('The field, such as spec.vlan.tag.'),
    message: string('What is wrong, for people.'),
    reason: string('What is wrong, in one word.'),
  });
}

function deleteOptions() {
  return {
    ...object('How an object is deleted.', {
      apiVersion: string('v1.'),
      dryRun: { ...list('All: nothing is stored.', string('')), 'x-kubernetes-list-type': 'atomic' },
      gracePeriodSeconds: integer('How long the object may take to go.', 'int64'),
      kind: string('DeleteOptions.'),
      orphanDependents: boolean('Use propagationPolicy instead.'),
      preconditions: ref('Preconditions'),
      propagationPolicy: string('What becomes of objects that belong to this one: Orphan, Background or Foreground.'),
    }),
    'x-kubernetes-group-version-kind': [{ group: 'bridgekeeper.dev', kind: 'DeleteOptions', version: 'v1alpha1' }],
  };
}

function preconditions() {
  return object('What must hold of the object, else 409.', {
    resourceVersion: string('Its resourceVersion.'),
    uid: string('Its UID.'),
  });
}

function object(description, properties, required) {
  return { description, type: 'object', ...(required ? { required } : {}), properties };
}

function string(description) {
  return { ...(description === '' ? {} : { description }), type: 'string' };
}

function boolean(description) {
  return { description, type: 'boolean' };
}

function integer(description, format) {
  return { description, type: 'integer', format };
}

function time(description) {
  return { description, allOf: [ref('Time')] };
}

function map(description) {
  return { description, type: 'object', additionalProperties: { type: 'string' } };
}

function list(description, items) {
  return { description, type: 'array', items };
}

function ref(name) {
  return { $ref: `#/components/schemas/${PREFIX}.${name}` };
}
