import type { CustomResourceDefinition } from '../../schema/custom-resource-definition.ts';
import { compileSchema } from '../../schema/compile-schema.ts';
import type { ResourceType } from '../contract.ts';
import { storeResource, type Kind, type KindRules } from '../kind.ts';
import { configMaps } from './config-maps.ts';
import { coreEvents } from './core-events.ts';
import { asCustomResource, BUILTIN_RULES, CUSTOM_RESOURCE_RULES, type BuiltinDefinition } from './definition.ts';
import { leases } from './leases.ts';
import { namespaces } from './namespaces.ts';
import { newEvents } from './new-events.ts';
import { secrets } from './secrets.ts';

const BUILTIN: readonly BuiltinDefinition[] = [namespaces, coreEvents, secrets, configMaps, newEvents, leases];

/** As apiextensions lists them in discovery. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const BUILTIN_VERBS = [...VERBS].sort();
const NOT_YET_ACTING = 'bridgekeeper.dev/not-yet-acting';

/** The kinds that Kubernetes' tools expect everywhere, and those of the CRDs. */
export function allKinds(crds: readonly CustomResourceDefinition[]): Kind[] {
  return [...BUILTIN.map(builtinKind), ...crds.map(customKind)];
}

function builtinKind(definition: BuiltinDefinition): Kind {
  const rules = { ...BUILTIN_RULES, ...definition.rules };
  const kind = kindOf(asCustomResource(definition), rules, BUILTIN_VERBS);
  return definition.storedAs === undefined ? kind : { ...kind, storedAs: definition.storedAs };
}

function customKind(crd: CustomResourceDefinition): Kind {
  return kindOf(crd, CUSTOM_RESOURCE_RULES, VERBS);
}

function kindOf(crd: CustomResourceDefinition, rules: KindRules, verbs: readonly string[]): Kind {
  const type = typeOf(crd, verbs);
  return { type, schema: compileSchema(crd), storedAs: storeResource(type), rules };
}

function typeOf({ metadata, spec }: CustomResourceDefinition, verbs: readonly string[]): ResourceType {
  const version = spec.versions.find((each) => each.storage);
  if (version === undefined) throw new Error(`${metadata.name} has no storage version`);
  const { kind, listKind, plural, singular, shortNames = [], categories = [] } = spec.names;
  return {
    group: spec.group,
    version: version.name,
    kind,
    listKind,
    plural,
    singular,
    shortNames,
    categories,
    namespaced: spec.scope === 'Namespaced',
    hasStatus: version.subresources?.status !== undefined,
    columns: version.additionalPrinterColumns ?? [],
    verbs,
    notYetActing: pathsIn(metadata.annotations?.[NOT_YET_ACTING] ?? ''),
  };
}

/** One path a line. */
function pathsIn(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
