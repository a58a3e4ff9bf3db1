import { subdomainProblems } from '../../machinery/names.ts';
import type { CustomResourceDefinition, JsonSchemaProps } from '../../schema/custom-resource-definition.ts';
import type { PrinterColumn } from '../contract.ts';
import type { KindRules } from '../kind.ts';

export interface BuiltinDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly hasStatus?: boolean;
  readonly columns?: readonly PrinterColumn[];
  readonly properties: Readonly<Record<string, JsonSchemaProps>>;
  readonly required?: readonly string[];
  readonly rules: Partial<KindRules>;
  /** Another built-in resource whose objects these are, in another form. */
  readonly storedAs?: string;
}

/** A kind of Kubernetes itself, described as a CRD would describe it: the same engine prunes, defaults and validates it. */
export function asCustomResource(definition: BuiltinDefinition): CustomResourceDefinition {
  const { group, version, kind, plural, namespaced } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: group === '' ? plural : `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: definition.shortNames ?? [],
        categories: definition.categories ?? [],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          ...(definition.hasStatus === true ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: [...(definition.columns ?? [])],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' }, ...definition.properties },
              ...(definition.required === undefined ? {} : { required: definition.required }),
            },
          },
        },
      ],
    },
  };
}

/** The rules of custom resources, and of most built-in kinds. */
export const CUSTOM_RESOURCE_RULES: KindRules = {
  nameProblems: subdomainProblems,
  countsGenerations: true,
  allowsUnconditionalUpdate: false,
  allowsCreateOnUpdate: false,
};

/** Kubernetes' own kinds count no generations and take updates without a resourceVersion, where they don't say otherwise. */
export const BUILTIN_RULES: KindRules = { ...CUSTOM_RESOURCE_RULES, countsGenerations: false, allowsUnconditionalUpdate: true };

export const TEXT: JsonSchemaProps = { type: 'string' };
export const INT32: JsonSchemaProps = { type: 'integer', format: 'int32' };
/** metav1.Time and metav1.MicroTime: null is an unset time. */
export const TIME: JsonSchemaProps = { type: 'string', format: 'date-time', nullable: true };

export function record(properties: Readonly<Record<string, JsonSchemaProps>>): JsonSchemaProps {
  return { type: 'object', properties };
}
