import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../../api/machinery/api-error.ts';
import { representation } from '../../../../../api/server/request/accept.ts';

const KUBECTL_GET = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

describe('representation', () => {
  it.each([
    [undefined, 'json', 'itself'],
    ['', 'json', 'itself'],
    ['*/*', 'json', 'itself'],
    ['application/json', 'json', 'itself'],
    ['application/yaml', 'yaml', 'itself'],
    [KUBECTL_GET, 'json', 'Table'],
    ['application/vnd.kubernetes.protobuf,application/json', 'json', 'itself'],
    ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'json', 'PartialObjectMetadataList'],
    ['application/json;as=Table;v=v9;g=meta.k8s.io, application/json', 'json', 'itself'],
    ['application/json;q=0.1,application/yaml;q=0.9', 'yaml', 'itself'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json', 'itself'],
  ])('of %j is %s as %s', (accept, encoding, as) => {
    expect(representation(accept)).toEqual({ encoding, as });
  });

  it.each(['text/html', 'application/vnd.kubernetes.protobuf', 'application/json;as=Table', 'application/json;q=0', ',;='])('refuses %j', (accept) => {
    expect(() => representation(accept)).toThrow(ApiError);
    expect(() => representation(accept)).toThrow(/only the following media types are accepted: application\/json, application\/yaml/);
  });

  it('keeps no more headers than it has room for', () => {
    for (let index = 0; index < 1000; index += 1) representation(`application/json;x=${index}`);
    expect(representation('application/json;x=1')).toEqual({ encoding: 'json', as: 'itself' });
  });
});
