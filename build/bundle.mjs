// Bundles each program into one file, so that they start fast and an installation is a few files. The thread of the loop is one, and the
// watchdog, for which a change waits.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const PROGRAMS = [
  { entry: 'controller/main.ts', output: 'dist/bridgekeeper.mjs' },
  { entry: 'controller/loop-thread.ts', output: 'dist/bridgekeeper-loop.mjs' },
  { entry: 'controller/safety/watchdog/main.ts', output: 'dist/bridgekeeper-watchdog.mjs' },
  { entry: 'cli/main.ts', output: 'dist/bridgectl.mjs' },
];

// Some CommonJS packages inside the bundle call require(), which an ES module doesn't have.
const REQUIRE_BANNER = "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

await mkdir(path.join(ROOT, 'dist'), { recursive: true });
const results = await Promise.all(
  PROGRAMS.map(({ entry, output }) =>
    build({
      absWorkingDir: ROOT,
      entryPoints: [entry],
      outfile: output,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      banner: { js: REQUIRE_BANNER },
      // A native module is loaded from node_modules.
      external: ['better-sqlite3'],
      sourcemap: 'linked',
      legalComments: 'none',
      loader: { '.ovsschema': 'json' },
      metafile: true,
      logLevel: 'warning',
    }),
  ),
);

const metafiles = results.map(({ metafile }) => metafile);
await writeFile(path.join(ROOT, 'dist/LICENCES'), licences(ROOT, metafiles, ['better-sqlite3', `node/node_modules/node-${process.platform}-${process.arch}`]));

for (const metafile of metafiles) {
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    if (file.endsWith('.mjs')) console.log(`${file}  ${Math.ceil(bytes / 1024)} KiB`);
  }
}
