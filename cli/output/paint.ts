import type { TextSink } from '../surroundings.ts';

const SHOWN_ESCAPE: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': ' ' };

/** Colour, on a terminal only, and never where NO_COLOR is set (no-color.org). */
export class Paint {
  readonly #isOn: boolean;

  constructor(sink: TextSink, environment: Readonly<Record<string, string | undefined>>) {
    this.#isOn = sink.isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  }

  head(text: string): string {
    return this.#in('1', text);
  }

  good(text: string): string {
    return this.#in('32', text);
  }

  bad(text: string): string {
    return this.#in('31', text);
  }

  doubtful(text: string): string {
    return this.#in('33', text);
  }

  faint(text: string): string {
    return this.#in('2', text);
  }

  #in(code: string, text: string): string {
    return this.#isOn ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** Text that came from elsewhere, on one line and with no way to steer the terminal. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => SHOWN_ESCAPE[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
