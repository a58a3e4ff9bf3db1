#!/usr/bin/env node
import { systemClock } from './clock.ts';
import { run } from './run.ts';
import { runProgram } from './run-program.ts';
import type { TextSink } from './surroundings.ts';

// The edge between bridgectl and its process; all the rest takes Surroundings.

const ended = new AbortController();
let isWriting = false;

function sinkOf(stream: NodeJS.WriteStream): TextSink {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`error: cannot write: ${error.message}\n`);
      process.exit(1);
    }
    // The reader has gone (`| head`). What only shows ends here; what changes the server goes on without being heard.
    if (isWriting) return;
    ended.abort();
    process.exit(0);
  });
  return {
    write: (text) => {
      if (stream.writable) stream.write(text);
    },
    isTerminal: stream.isTTY,
    ...(stream.isTTY && { columns: stream.columns }),
  };
}

async function readStdin(): Promise<string> {
  const pieces: string[] = [];
  process.stdin.setEncoding('utf8');
  for await (const piece of process.stdin) pieces.push(String(piece));
  return pieces.join('');
}

process.exitCode = await run(
  process.argv.slice(2),
  {
    environment: process.env,
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    readStdin,
    clock: systemClock,
    runProgram,
    signal: ended.signal,
    random: Math.random,
  },
  {
    starting: (command) => {
      isWriting = command.isWriting === true;
    },
  },
);
