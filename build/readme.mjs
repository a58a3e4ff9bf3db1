// Checks that the commands which the README tells people to run can be run: targets of make, programs, files and folders of the
// repository. Fails also when it finds no command.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
process.chdir(ROOT);

const README = 'README.md';
const PROGRAMS = /^(bin|build|test|\.ci)\//;
const FOLDERS = /^(examples|crds|docs|deploy)\//;

if (!existsSync(README)) {
  console.error(`${README} is not there`);
  process.exit(1);
}
const problems = [];
let checked = 0;
for (const { line, words } of commands(readFileSync(README, 'utf8'))) {
  const [program, ...rest] = words;
  if (program === 'make') checkTargets(line, rest.filter((word) => !word.startsWith('-') && !word.includes('=')));
  else if (PROGRAMS.test(program)) checkProgram(line, program);
  for (const word of rest) {
    if (FOLDERS.test(word)) checkPath(line, word);
  }
}
if (checked === 0) problems.push('no command was found in it');
for (const problem of problems) console.error(`${README}: ${problem}`);
if (problems.length > 0) process.exit(1);
console.log(`${checked} commands and paths of ${README} are there`);

/** Command lines of fenced blocks: every line of ```sh, and the lines with a prompt of ```console; elsewhere `make …` and `bin/…` in backquotes. */
function commands(text) {
  const found = [];
  let fence;
  for (const [index, raw] of text.split('\n').entries()) {
    const opened = /^```\s*(\w*)/.exec(raw);
    if (opened) {
      fence = fence === undefined ? opened[1] : undefined;
      continue;
    }
    const block = commandOf(fence, raw);
    const inline = fence === undefined ? [...raw.matchAll(/`((?:make|bin\/)[^`]*)`/g)].map(([, command]) => command) : [];
    for (const command of block ? [block] : inline) found.push({ line: index + 1, words: command.split(/\s+#\s/)[0].trim().split(/\s+/) });
  }
  return found;
}

function commandOf(fence, line) {
  if (fence === 'sh' || fence === 'bash') return line.trim().startsWith('#') ? undefined : line.trim();
  if (fence === 'console') return /^[$#] (.+)$/.exec(line)?.[1];
  return undefined;
}

function checkTargets(line, targets) {
  for (const target of targets) {
    checked += 1;
    const { status, stderr } = spawnSync('make', ['--dry-run', target], { encoding: 'utf8' });
    if (status !== 0) problems.push(`line ${line}: make ${target}: ${stderr.trim()}`);
  }
}

function checkProgram(line, program) {
  checked += 1;
  try {
    accessSync(program, constants.X_OK);
  } catch (error) {
    problems.push(`line ${line}: ${program} can't be run: ${error.code}`);
  }
}

function checkPath(line, word) {
  checked += 1;
  if (!existsSync(word)) problems.push(`line ${line}: ${word} is not there`);
}
