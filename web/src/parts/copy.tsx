// Something to copy: a button where the clipboard is there, and else text that selects itself.
import { useRef, useState } from 'preact/hooks';
import { Icon } from './icon';

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyLine({ text, label, isCode = true }: { text: string; label: string; isCode?: boolean }) {
  const [isCopied, setCopied] = useState(false);
  const line = useRef<HTMLElement>(null);
  const select = () => {
    if (line.current) getSelection()?.selectAllChildren(line.current);
  };
  return (
    <div class="copy-line">
      <code ref={line} class={isCode ? '' : 'wraps'} tabIndex={0} role="textbox" aria-readonly="true" aria-label={label} onFocus={select}>
        {text}
      </code>
      <button
        type="button"
        onClick={async () => {
          if (!(await copyText(text))) return select();
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        }}
      >
        <Icon name={isCopied ? 'check' : 'copy'} /> {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
