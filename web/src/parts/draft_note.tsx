// Above a form that holds what was typed before it was left.
export function DraftNote({ isShown, onDiscard }: { isShown: boolean; onDiscard: () => void }) {
  if (!isShown) return null;
  return (
    <p class="note draft-note" role="status">
      You left before saving. Here is what you typed.{' '}
      <button type="button" class="link" onClick={onDiscard}>
        Discard
      </button>
    </p>
  );
}
