// The licences of what a bundle contains, as one text: their makers ask that it travels with every copy.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i;

/**
 * Takes the root folder, esbuild's metafiles, and the names of packages that are shipped beside the bundles. Gives the text. Throws when a package
 * has neither a licence file nor a licence in its package.json.
 */
export function licences(root, metafiles, besides) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const bundled = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter((folder) => folder !== undefined);
  const folders = [...new Set([...bundled, ...besides.map((name) => `node_modules/${name}`)])].sort();
  return folders.map((folder) => licenceOf(path.join(root, folder))).join(`\n${'-'.repeat(100)}\n\n`);
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => LICENCE_FILE.test(entry));
  if (file === undefined && typeof license !== 'string') throw new Error(`${name} says nothing of its licence`);
  const text = file === undefined ? '' : `\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version}, ${license}\n${text}`;
}
