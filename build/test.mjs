// Runs every check and every test, and ends with one line that counts them: "N passed, N failed[, N skipped]".
// A check counts as one. Nothing it started is left running, also when it is interrupted.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { countVitest } from './vitest-count.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
process.chdir(ROOT);
const CACHE = '.cache';
const LOGS = path.join(CACHE, 'test-logs');
const RESULT = path.join(CACHE, 'test-result');
const LAB = 'test/lab/lab';
const LAB_PREFIX = `t${process.pid}`;
const MINUTE_MS = 60_000;

/** Cheap ones beside each other, as many as the machine's two cores carry. */
const CHECKS = [
  [check('build', 'build/bundle.mjs'), check('verify', 'build/generate.mjs', '--check'), check('deps', 'build/dependencies.mjs')],
  [check('typecheck', 'node_modules/typescript/bin/tsc', '--noEmit'), check('lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.')],
  [check('readme', 'build/readme.mjs')],
];

/** Tests on hosts share the cores with the daemons and guests they start. */
const SUITES = [
  { name: 'fast tests', folders: ['unit', 'component', 'contract'], needsHost: false, limitMs: 10 * MINUTE_MS, options: [] },
  { name: 'tests on lab hosts', folders: ['integration', 'e2e'], needsHost: true, limitMs: 25 * MINUTE_MS, options: ['--maxWorkers=2'] },
];

const total = { passed: 0, failed: 0, skipped: 0 };
/** A line each, told once more at the end: whoever sees no more than that knows where to look. */
const failures = [];
const running = new Set();

rmSync(LOGS, { recursive: true, force: true });
rmSync(RESULT, { force: true });
mkdirSync(LOGS, { recursive: true });
removeAbandonedLabs();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt(signal));

for (const group of CHECKS) await Promise.all(group.map(runCheck));
for (const suite of SUITES) await runSuite(suite);
finish();

function check(name, ...argv) {
  return { name, argv };
}

async function runCheck({ name, argv }) {
  const startedMs = performance.now();
  const { code, output } = await run(argv, { capture: true, limitMs: 5 * MINUTE_MS });
  const tookS = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (code === 0) {
    total.passed += 1;
    console.log(`ok      ${name} (${tookS} s)`);
    return;
  }
  total.failed += 1;
  failures.push(`${name}: ${output.trim().split('\n').at(-1)}`);
  const log = path.join(LOGS, `${name}.log`);
  writeFileSync(log, output);
  console.log(`FAILED  ${name} (${tookS} s); the log is ${log}\n${output}`);
}

async function runSuite({ name, folders, needsHost, limitMs, options }) {
  const files = folders.flatMap((folder) => testFiles(path.join('test', folder)));
  if (needsHost && process.getuid() !== 0) {
    total.skipped += files.length;
    console.log(`SKIPPED ${name}: ${files.length} files need root, for namespaces; run: sudo make test`);
    return;
  }
  if (files.length === 0) {
    total.failed += 1;
    failures.push(`${name}: there is no test in ${folders.join(', ')}`);
    return;
  }
  console.log(`\n${name}: ${folders.join(', ')}`);
  const report = path.join(CACHE, `vitest-${folders[0]}.json`);
  rmSync(report, { force: true });
  const { code } = await run(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...folders.flatMap((folder) => ['--project', folder]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...options,
    ],
    { capture: false, limitMs },
  );
  const counted = countVitest({ code, report: readReport(report), files: files.length });
  total.passed += counted.passed;
  total.failed += counted.failed;
  total.skipped += counted.skipped;
  failures.push(...counted.remarks);
}

function testFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // A run that broke off leaves no report, or half of one: countVitest says so.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function run(argv, { capture, limitMs }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, {
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
      env: {
        ...process.env,
        PATH: `${path.dirname(process.execPath)}:${process.env.PATH}:/usr/sbin:/sbin`,
        BRIDGEKEEPER_LAB_PREFIX: LAB_PREFIX,
        ...(capture ? { FORCE_COLOR: '0' } : {}),
      },
      // A process group of its own, so that nothing which it started in turn outlives it.
      detached: true,
    });
    running.add(child);
    let output = '';
    const limit = setTimeout(() => {
      output += `stopped: it took more than ${limitMs / MINUTE_MS} min\n`;
      killGroup(child);
    }, limitMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Labs as `lab list` prints them: "NAME\tSTATE…". */
function labNames() {
  if (process.getuid() !== 0) return [];
  const { stdout } = spawnSync(LAB, ['list'], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => line.split('\t')[0] || []);
}

function takeDown(names) {
  for (const name of names) {
    console.log(`taking down lab ${name}`);
    spawnSync(LAB, ['down', name], { stdio: ['ignore', 'inherit', 'inherit'] });
  }
}

/** An earlier run that was killed could not take down its own; it is told by its process id in their names. */
function removeAbandonedLabs() {
  takeDown(labNames().filter((name) => {
    const pid = /^t(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  }));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function interrupt(signal) {
  for (const child of running) killGroup(child);
  failures.push(`interrupted by ${signal}`);
  total.failed += 1;
  finish();
}

function finish() {
  takeDown(labNames().filter((name) => name.startsWith(`${LAB_PREFIX}-`)));
  const { passed, failed, skipped } = total;
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  writeFileSync(RESULT, `${line}\n`);
  // Output to files, pipes and terminals is written at once on Linux: nothing is lost by leaving here.
  console.log(['', ...failures.map((failure) => `FAILED  ${failure}`), line].join('\n'));
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
