import { invalid } from '../../machinery/api-error.ts';
import { forbiddenField, invalidValue, notSupported, required, tooLong } from '../../machinery/field-error.ts';
import type { StatusCause } from '../../machinery/status.ts';
import type { WriteOptions } from '../../registry/contract.ts';
import type { Exchange } from '../exchange.ts';
import { isTrue } from './request-info.ts';

const MANAGER_MAXIMUM = 128;
const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];

export interface WriteRequest {
  readonly exchange: Exchange;
  readonly optionsKind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';
  /** An apply patch must name its field manager; no user agent stands in for it. */
  readonly isApply?: boolean;
}

/** The query of a write (metav1.CreateOptions, UpdateOptions, PatchOptions). Throws 422 with every problem at once. */
export function writeOptions({ exchange, optionsKind, isApply = false }: WriteRequest): WriteOptions {
  const { query, identity } = exchange;
  const manager = query.get('fieldManager') ?? '';
  refuse(optionsKind, [
    ...dryRunProblems(query.getAll('dryRun')),
    ...managerProblems(manager, isApply),
    ...validationProblems(query),
    ...(optionsKind === 'PatchOptions' && !isApply && query.has('force')
      ? [forbiddenField('force', 'may not be specified for non-apply patch')]
      : []),
  ]);
  return {
    userName: identity.userName,
    fieldManager: manager === '' ? managerOfUserAgent(exchange.request.headers['user-agent']) : manager,
    dryRun: isDryRun(query),
    fieldValidation: fieldValidation(query),
    ...(isApply ? { force: isTrue(query.get('force')) } : {}),
    judgeChange: exchange.judgeChange,
  };
}

export function isDryRun(query: URLSearchParams): boolean {
  return query.getAll('dryRun').includes('All');
}

export function dryRunProblems(asked: readonly string[]): StatusCause[] {
  return asked.every((value) => value === 'All') ? [] : [notSupported('dryRun', asked, ['All'])];
}

function managerProblems(manager: string, isRequired: boolean): StatusCause[] {
  if (manager === '') return isRequired ? [required('fieldManager', 'is required for apply patch')] : [];
  return [
    ...(Buffer.byteLength(manager) > MANAGER_MAXIMUM ? [tooLong('fieldManager', MANAGER_MAXIMUM)] : []),
    ...(isPrintable(manager) ? [] : [invalidValue('fieldManager', manager, 'should only contain printable characters')]),
  ];
}

function validationProblems(query: URLSearchParams): StatusCause[] {
  const asked = query.get('fieldValidation') ?? '';
  return VALIDATIONS.includes(asked) ? [] : [notSupported('fieldValidation', asked, VALIDATIONS)];
}

/** Kubernetes warns where nothing is said. */
function fieldValidation(query: URLSearchParams): WriteOptions['fieldValidation'] {
  const asked = query.get('fieldValidation');
  return asked === 'Strict' || asked === 'Ignore' ? asked : 'Warn';
}

/** `curl/8.5.0` manages as `curl`. */
function managerOfUserAgent(userAgent: string | undefined): string {
  const product = (userAgent ?? '').split('/', 1)[0] ?? '';
  return [...product].filter(isPrintable).join('').slice(0, MANAGER_MAXIMUM);
}

function isPrintable(text: string): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}]|[^\P{Z} ]/u.test(text);
}

function refuse(kind: string, problems: readonly StatusCause[]): void {
  if (problems.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', problems);
}
