// A labelled input with its hint and its fault.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Properties {
  label: string;
  value: string;
  onInput: (value: string) => void;
  hint?: ComponentChildren;
  fault?: string;
  type?: 'text' | 'password' | 'number' | 'search' | 'url';
  placeholder?: string;
  options?: [value: string, word: string][];
  lines?: number;
  isReadOnly?: boolean;
  isRequired?: boolean;
  hasFocus?: boolean;
  list?: string;
  inputRef?: (element: HTMLElement | null) => void;
  name?: string;
  min?: number;
  max?: number;
  onBlur?: () => void;
}

export function Field(properties: Properties) {
  const { label, value, onInput, hint, fault, type = 'text', placeholder, options, lines, isReadOnly, isRequired } = properties;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  // Browsers heed autofocus only once in a document, and a form may come later.
  useEffect(() => {
    if (properties.hasFocus) frame.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, []);
  const shared = {
    id,
    name: properties.name,
    value,
    placeholder,
    disabled: options && isReadOnly,
    readOnly: isReadOnly,
    required: isRequired,
    autoFocus: properties.hasFocus,
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault ? `${id}-fault` : hint ? `${id}-hint` : undefined,
    ref: properties.inputRef as any,
    onInput: (event: Event) => onInput((event.target as HTMLInputElement).value),
    onBlur: properties.onBlur,
    title: isReadOnly && !options ? value : undefined, // which may be longer than its box
    spellcheck: false,
    autoComplete: 'off',
  };
  return (
    <div ref={frame} class={`field ${fault ? 'field-bad' : ''}`}>
      <label for={id}>
        {label}
        {isRequired && <span class="muted"> (needed)</span>}
      </label>
      {options ? (
        <select {...shared}>
          {options.map(([each, word]) => (
            <option key={each} value={each} selected={each === value}>
              {word}
            </option>
          ))}
        </select>
      ) : lines ? (
        <textarea {...shared} rows={lines} />
      ) : (
        <input {...shared} type={type as 'text'} list={properties.list} min={properties.min} max={properties.max} />
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
      {hint && !fault && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Switch({ isOn, onChange, label, isDisabled, isBare }: { isOn: boolean; onChange: (on: boolean) => void; label: string; isDisabled?: boolean; isBare?: boolean }) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn}
      aria-label={isBare ? label : undefined}
      disabled={isDisabled}
      tabIndex={isBare ? -1 : undefined}
      onClick={(event) => {
        event.stopPropagation();
        onChange(!isOn);
      }}
    >
      <span class="switch-track" aria-hidden="true" />
      {!isBare && <span>{label}</span>}
    </button>
  );
}
