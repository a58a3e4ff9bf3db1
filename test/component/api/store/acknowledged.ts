/** A write that the crashing writer was told to be kept. */
export interface Acknowledged {
  readonly name: string;
  readonly revision: number;
  readonly text: string;
}

/** Reads the whole lines of what the crashing writer said. */
export function acknowledgedIn(output: string): Acknowledged[] {
  const lines = output.split('\n').slice(0, -1);
  return lines.map((line) => {
    const [name = '', revision = '', text = ''] = line.split(' ');
    return { name, revision: Number(revision), text };
  });
}
