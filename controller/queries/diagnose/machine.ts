import { access, constants, readFile, readdir, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { ExecFailed, ExecTimedOut, type Exec, type ExecResult } from '../../systems/exec.ts';

/** netplan is Python, and takes more than ten seconds to start on a machine that has much to do. */
const COMMAND_TIMEOUT_MS = 45_000;
/** As timeout(1) has it. */
const TIMED_OUT_CODE = 124;
const CONNECT_TIMEOUT_MS = 15_000;

/** The machine that is examined. Reads only; what is not there is an answer, not an error. */
export class Machine {
  readonly #exec: Exec;
  readonly #root: string;

  /** `root` is the folder that stands for `/` where files are read. */
  constructor(options: { readonly exec: Exec; readonly root: string }) {
    this.#exec = options.exec;
    this.#root = options.root;
  }

  get root(): string {
    return this.#root;
  }

  /** Undefined where the program is not there; one that hangs ends with a code and says so on stderr. */
  async run(...argv: readonly [string, ...string[]]): Promise<ExecResult | undefined> {
    try {
      return await this.#exec.run(argv, { timeoutMs: COMMAND_TIMEOUT_MS });
    } catch (error) {
      if (error instanceof ExecTimedOut) return { code: TIMED_OUT_CODE, stdout: '', stderr: error.message };
      if (error instanceof ExecFailed) return undefined;
      throw error;
    }
  }

  /** What a program prints when all is well, without blanks around it. */
  async output(...argv: readonly [string, ...string[]]): Promise<string | undefined> {
    const result = await this.run(...argv);
    return result?.code === 0 ? result.stdout.trim() : undefined;
  }

  async has(file: string): Promise<boolean> {
    return this.#may(file, constants.F_OK);
  }

  async mayWrite(file: string): Promise<boolean> {
    return this.#may(file, constants.W_OK);
  }

  async mayUse(file: string): Promise<boolean> {
    return this.#may(file, constants.R_OK | constants.W_OK);
  }

  /** The text of a file; undefined where it is not there or may not be read. */
  async text(file: string): Promise<string | undefined> {
    try {
      return await readFile(path.join(this.#root, file), 'utf8');
    } catch (error) {
      mustBeAbsent(error);
      return undefined;
    }
  }

  async names(folder: string): Promise<readonly string[]> {
    try {
      return await readdir(path.join(this.#root, folder));
    } catch (error) {
      mustBeAbsent(error);
      return [];
    }
  }

  /** Free and whole space of the file system that `folder`, or the nearest folder above it that exists, is on; in bytes. */
  async space(folder: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number } | undefined> {
    try {
      const { bavail, blocks, bsize } = await statfs(path.join(this.#root, folder));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch (error) {
      mustBeAbsent(error);
      const parent = path.dirname(folder);
      return parent === folder ? undefined : await this.space(parent);
    }
  }

  /** Whether somebody answers at a unix socket: `connected`, or the code of what went wrong, such as ENOENT or EACCES. */
  connection(socketPath: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ path: path.join(this.#root, socketPath) });
      const end = (outcome: string): void => {
        socket.destroy();
        resolve(outcome);
      };
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => end('ETIMEDOUT'));
      socket.once('connect', () => end('connected'));
      socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
  }

  async #may(file: string, mode: number): Promise<boolean> {
    try {
      await access(path.join(this.#root, file), mode);
      return true;
    } catch (error) {
      mustBeAbsent(error);
      return false;
    }
  }
}

const ABSENT_CODES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENXIO', 'ENODEV', 'EISDIR']);

/** Throws what is not one of the ways in which a file can be missing or closed to us. */
function mustBeAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && ABSENT_CODES.has(error.code))) throw error;
}
