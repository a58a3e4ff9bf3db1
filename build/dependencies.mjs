// Checks that imports run one way (ARCHITECTURE.md). Fails also when it looked at less than the whole product: a cruise that
// can't read TypeScript finds no file, no violation, and would pass.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import rules from '../.dependency-cruiser.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
process.chdir(ROOT);
const FOLDERS = ['api', 'controller', 'cli', 'console'];

const sources = await typeScriptFiles(FOLDERS);
const { options, ...ruleSet } = rules;
const result = await cruise(
  [...new Set(sources.map((file) => file.split('/')[0]))],
  { ...options, ruleSet, validate: true, outputType: 'json' },
  {},
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { modules, summary } = JSON.parse(result.output);
const seen = new Set(modules.filter(({ followable, coreModule }) => followable !== false && !coreModule).map(({ source }) => source));
const unseen = sources.filter((file) => !seen.has(file));

for (const { rule, from, to, cycle } of summary.violations) {
  const way = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
  console.error(`${from} -> ${way}\n    ${rule.name}: ${ruleSet.forbidden.find(({ name }) => name === rule.name)?.comment ?? ''}`);
}
if (sources.length === 0) fail('There is no TypeScript file in the product: nothing was checked.');
if (unseen.length > 0) fail(`Not looked at, so nothing is known about their imports: ${unseen.join(', ')}`);
if (summary.totalDependenciesCruised === 0) fail('No import was found: the TypeScript compiler was not used.');
if (summary.violations.length > 0) fail(`${summary.violations.length} imports run against ARCHITECTURE.md.`);
console.log(`${sources.length} files, ${summary.totalDependenciesCruised} imports, all one way`);

async function typeScriptFiles(folders) {
  const found = [];
  for (const entry of await readdir(ROOT, { withFileTypes: true })) {
    if (!entry.isDirectory() || !folders.includes(entry.name)) continue;
    const files = await readdir(path.join(ROOT, entry.name), { recursive: true });
    found.push(...files.filter((file) => /\.tsx?$/.test(file)).map((file) => path.posix.join(entry.name, file)));
  }
  return found.sort();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
