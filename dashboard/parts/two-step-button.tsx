// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useState } from 'react';

interface Props {
  readonly name: string;
  /** What is done after all, and what leaves it as it is. */
  readonly yes: string;
  readonly no: string;
  readonly isPending: boolean;
  readonly onYes: () => void;
}

/** A button that asks once more before it does something that can't be taken back at once. */
export function TwoStepButton({ name, yes, no, isPending, onYes }: Props): ReactElement {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <button type="button" disabled={isPending} onClick={() => setAsked(true)}>
        {name}
      </button>
    );
  }
  return (
    <span className="two-step">
      <button
        type="button"
        className="sure"
        disabled={isPending}
        onClick={() => {
          setAsked(false);
          onYes();
        }}
      >
        {yes}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        {no}
      </button>
    </span>
  );
}
