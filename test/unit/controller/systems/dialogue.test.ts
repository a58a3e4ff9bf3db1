import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../../api/machinery/clock.ts';
import { systemDialogue, type Dialogue } from '../../../../controller/systems/dialogue.ts';
import { ExecFailed } from '../../../../controller/systems/exec.ts';

const TIMEOUT_MS = 10_000;
let dialogue: Dialogue;

afterEach(() => dialogue.end());

it('answers each line by the one that belongs to it, of any length', async () => {
  dialogue = systemDialogue(['cat'], systemClock);
  const lines = ['ä', '', 'x'.repeat(500_000), 'last'];
  expect(await Promise.all(lines.map((line) => dialogue.ask(line, TIMEOUT_MS)))).toEqual(lines);
});

it('fails when the program ends, with what it said, and starts it anew for the next line', async () => {
  dialogue = systemDialogue(['sed', '--unbuffered', 's/a/b/;/quit/Q 3'], systemClock);
  await expect(dialogue.ask('quit', TIMEOUT_MS)).rejects.toThrow(new ExecFailed('sed ended with 3: '));
  expect(await dialogue.ask('a', TIMEOUT_MS)).toBe('b');
});

it('fails when there is no such program', async () => {
  dialogue = systemDialogue(['no-such-program'], systemClock);
  await expect(dialogue.ask('a', TIMEOUT_MS)).rejects.toThrow('no-such-program could not be run');
});

it('fails when no answer comes in time', async () => {
  dialogue = systemDialogue(['sleep', '60'], systemClock);
  await expect(dialogue.ask('a', 20)).rejects.toThrow('sleep did not answer within 20 ms');
});
