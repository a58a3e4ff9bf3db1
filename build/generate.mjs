#!/usr/bin/env node
// CRDs -> openapi.yaml, api/generated/. `--check` writes nothing and exits 1 naming the files that are stale.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { definitionsModule } from './generate-definitions.mjs';
import { kindsModule } from './generate-kinds.mjs';
import { builtinDocuments, openApiDocument } from './generate-openapi.mjs';
import { swagger } from './generate-swagger.mjs';
import { swaggerProtobuf } from './generate-swagger-protobuf.mjs';
import { typesModule } from './generate-types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const crds = readCrds();
const document = await openApiDocument(crds);
const builtin = await builtinDocuments();
const files = new Map([
  ['openapi.yaml', '# Generated from crds/ by build/generate.mjs. Do not edit.\n' + stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })],
  ['api/generated/crds.ts', definitionsModule(crds)],
  ['api/generated/openapi.ts', documentModule(document)],
  ['api/generated/openapi-compressed.ts', compressedModule(builtin, swagger([document, ...Object.values(builtin)]))],
  ['api/generated/types.ts', await typesModule(document)],
  ['api/generated/kinds.ts', kindsModule(crds)],
]);

if (process.argv.includes('--check')) {
  const stale = [...files].filter(([path, text]) => readOrEmpty(path) !== text).map(([path]) => path);
  for (const path of stale) console.error(`${path} is stale: run "npm run generate" and commit the result`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of files) write(path, text);
}

/** Every file in crds/, by plural name. */
function readCrds() {
  const folder = join(root, 'crds');
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort();
  if (names.length === 0) throw new Error(`no CRD in ${folder}`);
  // kubectl reads YAML 1.1, so the same words must mean the same here.
  return names.map((name) => parse(readFileSync(join(folder, name), 'utf8'), { version: '1.1' }));
}

/** The document as the JSON text that the server sends. */
function documentModule(value) {
  return [
    '// Generated from crds/ by build/generate.mjs. Do not edit.',
    '',
    '/** The OpenAPI v3 document of bridgekeeper.dev/v1alpha1, as JSON. */',
    `export const openApiDocument: string = ${JSON.stringify(JSON.stringify(value))};`,
    '',
  ].join('\n');
}

/** What is asked for seldom, in the form that a client gets: so the server neither makes it nor keeps it in memory unpacked. */
function compressedModule(documents, versionTwo) {
  const entries = Object.entries(documents).map(([path, value]) => `  ${JSON.stringify(path)}: ${compressed(JSON.stringify(value))},`);
  return [
    '// Generated from crds/ by build/generate.mjs. Do not edit.',
    '',
    '/** The OpenAPI v3 documents of the built-in groups by path (`apis/coordination.k8s.io/v1`): JSON, gzip, base64. */',
    'export const builtinOpenApiDocuments: Readonly<Record<string, string>> = {',
    ...entries,
    '};',
    '',
    '/** All groups as Swagger 2.0: JSON, gzip, base64. */',
    `export const swaggerJson: string = ${compressed(JSON.stringify(versionTwo))};`,
    '',
    "/** The same as gnostic's protobuf message: gzip, base64. */",
    `export const swaggerProtobuf: string = ${compressed(swaggerProtobuf(versionTwo))};`,
    '',
  ].join('\n');
}

function compressed(content) {
  return `'${gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).toString('base64')}'`;
}

function readOrEmpty(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function write(path, text) {
  if (readOrEmpty(path) === text) return;
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`wrote ${relative(root, target)}`);
}
