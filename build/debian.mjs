// Makes the Debian package, with the Node.js it runs on inside: lays the files out as they will stand on a host, and lets debhelper
// pack them. Needs `make build` done and debhelper installed.
//
// usage: debian.mjs [--output FOLDER] [--version VERSION]   (dist/, and that of package.json)
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '..');
const BUILD = path.join(ROOT, `.cache/debian-${process.pid}`);
const STAGE = path.join(BUILD, 'bridgekeeper');
const LIBRARY = 'usr/lib/bridgekeeper';
const SHARED = 'usr/share/bridgekeeper';
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/bridgectl',
  zsh: 'usr/share/zsh/vendor-completions/_bridgectl',
  fish: 'usr/share/fish/vendor_completions.d/bridgectl.fish',
};
const { values } = parseArgs({ options: { output: { type: 'string', default: path.join(ROOT, 'dist') }, version: { type: 'string' } } });
const version = values.version ?? JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version;

layPrograms();
laySharedFiles();
layPackaging();
run('dpkg-buildpackage', ['--build=binary', '--unsigned-changes', '--no-pre-clean'], STAGE);
for (const file of globSync('bridgekeeper_*.deb', { cwd: BUILD })) {
  // Copied: it may be another file system.
  copyFileSync(path.join(BUILD, file), path.join(values.output, file));
  console.log(path.relative('', path.join(values.output, file)));
}
rmSync(BUILD, { recursive: true });

/** The programs, their Node.js, and the one native module. */
function layPrograms() {
  const programs = globSync('bin/*', { cwd: ROOT });
  const bundles = globSync('dist/*.mjs', { cwd: ROOT });
  copy([...programs, ...bundles], LIBRARY);
  for (const bundle of bundles) chmodSync(path.join(STAGE, LIBRARY, bundle), 0o644);
  copy(['package.json', 'lib'].map((entry) => `node_modules/better-sqlite3/${entry}`), LIBRARY);
  copy([`node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`], LIBRARY);
  cpSync(process.execPath, path.join(STAGE, LIBRARY, 'node_modules/node/bin/node'), { dereference: true });
  mkdirSync(path.join(STAGE, 'usr/bin'), { recursive: true });
  for (const program of programs) symlinkSync(`../lib/bridgekeeper/${program}`, path.join(STAGE, 'usr', program));
}

/** What other programs read: the kinds for a cluster, rules, the dashboard, completion of the command line. */
function laySharedFiles() {
  copy(['crds'], SHARED);
  copy(['prometheus', 'grafana'], SHARED, 'deploy');
  for (const [shell, file] of Object.entries(COMPLETIONS)) {
    write(path.join(STAGE, file), output(path.join(ROOT, 'bin/bridgectl'), ['completion', shell]));
  }
}

function layPackaging() {
  const debian = path.join(STAGE, 'debian');
  cpSync(path.join(ROOT, 'deploy/debian'), debian, { recursive: true });
  cpSync(path.join(ROOT, 'deploy/systemd/bridgekeeper.service'), path.join(debian, 'bridgekeeper.service'));
  copy(['README.md', 'CHANGELOG.md', 'docs', 'examples'], '.');
  // Where the README's link to it leads.
  copy(['README.md'], 'deploy', 'deploy');
  copy(['LICENCES'], '.', 'dist');
  const made = output('git', ['log', '-1', '--format=%cD'], ROOT).trim();
  const maintainer = /^Maintainer: (.*)$/m.exec(readFileSync(path.join(debian, 'control'), 'utf8'))[1];
  write(path.join(debian, 'changelog'), `bridgekeeper (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${maintainer}  ${made}\n`);
}

function copy(files, to, from = '.') {
  for (const file of files) cpSync(path.join(ROOT, from, file), path.join(STAGE, to, file), { recursive: true });
}

function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function output(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit ${status}`}`);
}
