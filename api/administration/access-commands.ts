import { parseArgs } from 'node:util';
import { normalSerial } from '../server/identity/certificate-file.ts';
import { ROLES, type Role } from '../server/identity/identity.ts';
import { refuseToOverwrite, signClientCertificate, writeAccessFile } from './access-file.ts';
import { listCertificates, recordCertificate, revokeCertificates } from './certificates.ts';
import { DATA_DIR, parsed, type CommandContext } from './command.ts';
import { CommandUsageError } from './refusal.ts';
import { createToken, deleteTokens, listTokens } from './tokens.ts';

const OPTIONS = {
  ...DATA_DIR,
  user: { type: 'string' },
  role: { type: 'string' },
  kubeconfig: { type: 'string' },
  id: { type: 'string' },
  serial: { type: 'string' },
  days: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArgs<{ args: string[]; options: typeof OPTIONS }>>['values'];
type Action = (values: Values, context: CommandContext) => Promise<void>;

const TOKEN_ACTIONS: Readonly<Record<string, { readonly run: Action; readonly takes: readonly string[] }>> = {
  create: { run: tokenCreate, takes: ['user', 'role', 'kubeconfig'] },
  list: { run: tokenList, takes: [] },
  delete: { run: tokenDelete, takes: ['user', 'id'] },
};
const CERTIFICATE_ACTIONS: typeof TOKEN_ACTIONS = {
  create: { run: certificateCreate, takes: ['user', 'role', 'kubeconfig', 'days'] },
  list: { run: certificateList, takes: [] },
  revoke: { run: certificateRevoke, takes: ['user', 'id', 'serial'] },
};
const DEFAULT_DAYS = '365';
const MAX_DAYS = 3650;

/** `bridgekeeper token create|list|delete`. */
export function runToken(args: readonly string[], context: CommandContext): Promise<void> {
  return run('token', TOKEN_ACTIONS, args, context);
}

/** `bridgekeeper certificate create|list|revoke`. */
export function runCertificate(args: readonly string[], context: CommandContext): Promise<void> {
  return run('certificate', CERTIFICATE_ACTIONS, args, context);
}

async function run(command: string, actions: typeof TOKEN_ACTIONS, [name = '', ...args]: readonly string[], context: CommandContext): Promise<void> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new CommandUsageError(`${command} takes: ${Object.keys(actions).join(', ')}`);
  const { values } = parsed(() => parseArgs({ args, options: OPTIONS }));
  const foreign = Object.keys(values).find((option) => option !== 'data-dir' && !action.takes.includes(option));
  if (foreign !== undefined) throw new CommandUsageError(`${command} ${name} takes no --${foreign}`);
  await action.run(values, context);
}

async function tokenCreate(values: Values, { clock, print }: CommandContext): Promise<void> {
  const { 'data-dir': dataDirectory, kubeconfig: file } = values;
  const userName = userOf(values);
  const role = roleOf(values);
  if (file !== undefined) await refuseToOverwrite(file);
  const token = await createToken(dataDirectory, clock, { userName, role });
  if (file === undefined) {
    print(`${token}\n`);
    return;
  }
  await writeAccessFile(file, dataDirectory, { userName, credentials: { token } });
  print(`${file}: ${userName} with the role ${role}\n`);
}

async function tokenList({ 'data-dir': dataDirectory }: { readonly 'data-dir': string }, { print }: CommandContext): Promise<void> {
  const rows = (await listTokens(dataDirectory)).map(({ id, role, userName }) => [id, role, userName]);
  print(tableOf([['ID', 'ROLE', 'USER'], ...rows]));
}

async function tokenDelete(values: Values, { clock, print }: CommandContext): Promise<void> {
  if ((values.id === undefined) === (values.user === undefined)) throw new CommandUsageError('token delete takes --id ID or --user NAME');
  const which = values.id === undefined ? { userName: userOf(values) } : { id: values.id };
  print(`${await deleteTokens(values['data-dir'], clock, which)} deleted\n`);
}

async function certificateCreate(values: Values, { clock, print }: CommandContext): Promise<void> {
  const { 'data-dir': dataDirectory, kubeconfig: file } = values;
  if (file === undefined) throw new CommandUsageError('certificate create takes --kubeconfig FILE, which will hold certificate and key');
  const userName = userOf(values);
  const role = roleOf(values);
  const days = Number(values.days ?? DEFAULT_DAYS);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) throw new CommandUsageError(`--days: ${values.days} is no whole number from 1 to ${MAX_DAYS}`);
  await refuseToOverwrite(file);
  const clientCertificate = await signClientCertificate(dataDirectory, { userName, role, days, nowMs: clock.now() });
  await recordCertificate(dataDirectory, clock, clientCertificate.certificate, { userName, role });
  await writeAccessFile(file, dataDirectory, { userName, credentials: { clientCertificate } });
  print(`${file}: ${userName} with the role ${role}, for ${days} days\n`);
}

async function certificateList({ 'data-dir': dataDirectory }: { readonly 'data-dir': string }, { clock, print }: CommandContext): Promise<void> {
  const rows = (await listCertificates(dataDirectory, clock)).map(({ id, role, state, expiresAt, userName }) => [id, role, state, expiresAt, userName]);
  print(tableOf([['ID', 'ROLE', 'STATE', 'EXPIRES', 'USER'], ...rows]));
}

async function certificateRevoke(values: Values, { clock, print }: CommandContext): Promise<void> {
  const { id, user, serial, 'data-dir': dataDirectory } = values;
  if ([id, user, serial].filter((value) => value !== undefined).length !== 1) {
    throw new CommandUsageError('certificate revoke takes --id ID, --user NAME or --serial NUMBER');
  }
  const which = id !== undefined ? { id } : user !== undefined ? { userName: userOf(values) } : { serialNumber: serialOf(values) };
  print(`${await revokeCertificates(dataDirectory, clock, which)} revoked\n`);
}

function serialOf({ serial = '' }: Values): string {
  const serialNumber = normalSerial(serial);
  if (serialNumber === undefined) throw new CommandUsageError('--serial takes a serial number in hex, as openssl x509 -serial shows it');
  return serialNumber;
}

const WIDTHS = [12, 10];

/** Columns two spaces apart, the last one unpadded. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(WIDTHS[column] ?? 0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')}\n`).join('');
}

/** It stands in logs and messages, so it is one short word of visible characters. */
function userOf({ user }: Values): string {
  if (user === undefined || !/^[\x21-\x7e]{1,64}$/.test(user)) throw new CommandUsageError('--user takes a name of 1 to 64 visible ASCII characters without spaces');
  return user;
}

function roleOf({ role }: Values): Role {
  const known = ROLES.find((each) => each === role);
  if (known === undefined) throw new CommandUsageError(`--role takes one of ${ROLES.join(', ')}`);
  return known;
}
