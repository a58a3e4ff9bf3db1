import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import type { HttpsAnswer, HttpsClient } from '../../../contract/https-client.ts';
import { httpsClient } from '../../../contract/https-client.ts';
import type { ServedApi } from '../../../contract/serve.ts';
import { serveApi } from '../../../contract/serve.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const YAML = `apiVersion: bridgekeeper.dev/v1alpha1
kind: Portgroup
metadata:
  name: twice
  name: twice
spec:
  bridgeName: lunabr
  vlan: {mode: access, tag: 1}
  vlan:
    mode: access
    tag: 3
`;
const JSON_TEXT = '{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Portgroup","metadata":{"name":"twice"},"spec":{"bridgeName":"a","bridgeName":"lunabr","nope":1}}';
const KEYS = ['line 5: key "name" already set in map', 'line 10: key "vlan" already set in map'];
const YAML_ERRORS = `yaml: unmarshal errors:\n  ${KEYS.join('\n  ')}`;
const STRICT = 'Portgroup in version "v1alpha1" cannot be handled as a Portgroup: strict decoding error: ';

describe('a field that stands twice in the body', () => {
  let api: ServedApi;
  let client: HttpsClient;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
    const made = await client.send({ method: 'POST', path: PORTGROUPS, headers: { 'content-type': 'application/yaml' }, body: YAML });
    expect(made.status).toBe(201);
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  const messageOf = ({ body }: HttpsAnswer): unknown => fieldOf(JSON.parse(body), 'message');
  const warningsOf = ({ headersDistinct }: HttpsAnswer): readonly string[] =>
    (headersDistinct.warning ?? []).map((text) => text.replace(/^299 - "(.*)"$/, '$1').replaceAll('\\"', '"'));

  function send(how: string, fieldValidation: string): Promise<HttpsAnswer> {
    const query = `?dryRun=All&fieldManager=t&fieldValidation=${fieldValidation}`;
    const one = { path: `${PORTGROUPS}/twice${query}` };
    switch (how) {
      case 'POST of YAML':
        return client.send({ method: 'POST', path: `${PORTGROUPS}${query}`, headers: { 'content-type': 'application/yaml' }, body: YAML.replaceAll('twice', 'other') });
      case 'apply of YAML':
        return client.send({ method: 'PATCH', ...one, path: `${one.path}&force=true`, headers: { 'content-type': 'application/apply-patch+yaml' }, body: YAML });
      case 'POST of JSON':
        return client.send({ method: 'POST', path: `${PORTGROUPS}${query}`, headers: { 'content-type': 'application/json' }, body: JSON_TEXT.replaceAll('twice', 'other') });
      case 'merge patch':
        return client.send({ method: 'PATCH', ...one, headers: { 'content-type': 'application/merge-patch+json' }, body: '{"metadata":{"labels":{"a":"b","a":"c"}}}' });
      default:
        return client.send({ method: 'PATCH', ...one, headers: { 'content-type': 'application/json-patch+json' }, body: '[{"op":"add","path":"/metadata/labels","path":"/metadata/labels","value":{},"x":1}]' });
    }
  }

  it.each([
    ['POST of YAML', 400, `${STRICT}${YAML_ERRORS}`, KEYS],
    ['apply of YAML', 400, `error strict decoding patch: error converting YAML to JSON: ${YAML_ERRORS}`, KEYS],
    ['POST of JSON', 400, `${STRICT}duplicate field "spec.bridgeName", unknown field "spec.nope"`, ['duplicate field "spec.bridgeName"', 'unknown field "spec.nope"']],
    ['merge patch', 422, expect.stringMatching(/: strict decoding error: duplicate field "metadata\.labels\.a"$/), ['duplicate field "metadata.labels.a"']],
    [
      'JSON patch',
      422,
      expect.stringMatching(/: strict decoding error: json patch duplicate field "\[0\]\.path", json patch unknown field "\[0\]\.x"$/),
      ['json patch duplicate field "[0].path"', 'json patch unknown field "[0].x"'],
    ],
  ])('of a %s is refused, warned of or passed over as asked', async (how, status, message, warnings) => {
    const strict = await send(how, 'Strict');
    expect(strict.status).toBe(status);
    expect(messageOf(strict)).toEqual(message);
    const warned = await send(how, 'Warn');
    expect(warned.status, warned.body).toBeLessThan(300);
    expect(warningsOf(warned)).toEqual(warnings);
    const ignored = await send(how, 'Ignore');
    expect(ignored.status).toBeLessThan(300);
    expect(ignored.headers).not.toHaveProperty('warning');
  });
});
